// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.metrics.CollectionNumbers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TaskHistoryTest {

    private final TaskHistory history = new TaskHistory();

    @Test
    void knowsNoRateBeforeThereAreTwoCounts() {
        assertThat(history.rowsPerSecond()).isEmpty();
        history.rows(1_000, 500);
        assertThat(history.rowsPerSecond()).isEmpty();
        history.rows(1_000, 500);
        assertThat(history.rowsPerSecond()).as("the same answer again").isEmpty();
        history.rows(6_000, 1_000);
        assertThat(history.rowsPerSecond()).hasValue(100);
    }

    @Test
    void theRateIsThatOfTheLastHalfMinuteThoughCountsAreRenewedEverySecondTime() {
        for (int i = 0; i <= 40; i++) {
            history.rows(i * 5_000L, i / 2 * 1_000);
            if (i > 6) {
                assertThat(history.rowsPerSecond().orElseThrow()).isBetween(85.0, 115.0);
            }
        }
        for (int i = 41; i <= 48; i++) {
            history.rows(i * 5_000L, 20_000);
        }
        assertThat(history.rowsPerSecond()).hasValue(0);
    }

    @Test
    void aJobThatCountsAnewDoesNotMakeItNegative() {
        history.rows(0, 1_000);
        history.rows(5_000, 2_000);
        history.rows(10_000, 10);
        assertThat(history.rowsPerSecond()).isEmpty();
        history.rows(15_000, 20);
        assertThat(history.rowsPerSecond()).hasValue(2);
        history.noRows();
        assertThat(history.rowsPerSecond()).isEmpty();
    }

    @Test
    void ratesOfCollectionsGoWithThem() {
        history.collectionRows(0, List.of(numbers(7, 100), numbers(8, 5)));
        history.collectionRows(10_000, List.of(numbers(7, 600), numbers(8, 5)));
        assertThat(history.collectionRates()).isEqualTo(Map.of(7L, 50.0, 8L, 0.0));
        history.collectionRows(20_000, List.of(numbers(8, 105)));
        assertThat(history.collectionRates()).isEqualTo(Map.of(8L, 5.0));
        history.noRows();
        assertThat(history.collectionRates()).isEmpty();
    }

    private static CollectionNumbers numbers(long id, long sent) {
        return new CollectionNumbers(id, "default", "c", sent, sent, 0, 0, 0, 0, 0, "");
    }

    @Test
    void keepsTenMinutesAndNoMore() {
        for (int i = 0; i < 1_000; i++) {
            history.add(new TaskHistory.Point(i * 5_000L, (double) i, null));
        }
        assertThat(history.points()).hasSize(120);
        assertThat(history.points().get(0).lagSeconds()).isEqualTo(880);
        assertThat(history.points().get(119).lagSeconds()).isEqualTo(999);
    }
}

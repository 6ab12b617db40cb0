// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class CollectionLagTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long VISIBLE = NOW - 2_000;
    private static final long HOUR = 3_600_000;

    @Test
    void isNoneWhileTheTaskIsUpToDateAndNoRowIsKnownThatIsNotVisible() {
        assertThat(lag(collection(VISIBLE - 1, 0), VISIBLE)).hasValue(0);
        assertThat(lag(collection(NOW - HOUR, 0), VISIBLE)).hasValue(0);
    }

    @Test
    void isTheTasksOnceARowWasReadThatIsNotVisible() {
        assertThat(lag(collection(VISIBLE, 0), VISIBLE)).hasValue(2);
        assertThat(lag(collection(VISIBLE + 1, 0), VISIBLE)).hasValue(2);
    }

    @Test
    void isTheTasksWhileThatIsFarBehindAsRowsMayBeUnread() {
        assertThat(lag(collection(NOW - 2 * HOUR, 0), NOW - HOUR)).hasValue(3_600);
        assertThat(lag(collection(NOW - 2 * HOUR, 0), NOW - 16_000)).hasValue(16);
        assertThat(lag(collection(NOW - 2 * HOUR, 0), NOW - 15_000)).hasValue(0);
    }

    @Test
    void isTheTasksWhenFlinkTellsNothingNew() {
        assertThat(
                        CollectionLag.seconds(
                                collection(NOW - HOUR, 0),
                                NOW - 16_000,
                                VISIBLE,
                                OptionalLong.of(VISIBLE),
                                NOW))
                .hasValue(2);
    }

    @Test
    void countsFromTheFirstRowThatWaits() {
        assertThat(lag(collection(NOW - HOUR, NOW - 9_000), VISIBLE)).hasValue(9);
        assertThat(lag(collection(NOW, NOW - 1_000), VISIBLE))
                .as("rows before it may be sent and not visible")
                .hasValue(2);
    }

    @Test
    void isNeverNoneBeforeTheFirstCommitOrWhenTheCheckpointCannotBeRead() {
        assertThat(
                        CollectionLag.seconds(
                                collection(NOW - HOUR, 0), NOW, 0, OptionalLong.of(NOW - 500), NOW))
                .hasValue(0.5);
        assertThat(
                        CollectionLag.seconds(
                                collection(NOW - HOUR, 0), NOW, 0, OptionalLong.empty(), NOW))
                .isEmpty();
    }

    private static OptionalDouble lag(CollectionNumbers collection, long visible) {
        return CollectionLag.seconds(
                collection, NOW - 5_000, visible, OptionalLong.of(visible), NOW);
    }

    private static CollectionNumbers collection(long lastRow, long waitingFrom) {
        return new CollectionNumbers(
                7, "default", "c", 1, 1, 0, 0, 100, lastRow, waitingFrom, "a reason");
    }
}

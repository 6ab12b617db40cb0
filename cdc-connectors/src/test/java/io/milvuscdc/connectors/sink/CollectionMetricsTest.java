// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.Tso;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CollectionMetricsTest {

    private static final long MILLIS = 1_700_000_000_000L;
    private static final String ROWS = "collection.444.database.default.name.c444.";

    private final NotedMetrics noted = new NotedMetrics();
    private final AtomicLong nanos = new AtomicLong();
    private final CollectionMetrics metrics =
            new CollectionMetrics(noted.group(), id -> "default.c" + id, nanos::get);

    @Test
    void countsRowsAndBytesUnderDatabaseAndNameFromTheFirstRowSentOn() {
        ChannelMessage rows = message(444, MILLIS);
        metrics.read(rows);
        assertThat(noted.names()).isEmpty();
        metrics.read(message(444, MILLIS + 5_000));
        metrics.sent(rows, route(444));

        assertThat(noted.number(ROWS + "insertRowsRead")).isEqualTo(2 * rows.rows());
        assertThat(noted.number(ROWS + "insertRowsSent")).isEqualTo(rows.rows());
        assertThat(noted.number(ROWS + "deleteRowsRead")).isZero();
        assertThat(noted.number(ROWS + "bytesSent")).isEqualTo(rows.payload().size());
        assertThat(noted.number(ROWS + "lastRowMillis")).isEqualTo(MILLIS + 5_000);
        assertThat(noted.number("collection.444.waitingFromMillis")).isZero();
    }

    @Test
    void saysSinceWhenWhatWaitsAndWhyThoughNoRowOfItWasEverSent() {
        metrics.read(message(444, MILLIS));
        metrics.blocked(444, "an older collection has its name");
        metrics.waiting(Map.of(444L, Tso.of(MILLIS, 3)));
        assertThat(noted.number("collection.444.waitingFromMillis")).isEqualTo(MILLIS);
        assertThat(noted.text("collection.444.waitingReason"))
                .isEqualTo("an older collection has its name");
        assertThat(noted.text("collection.444.waitingName")).isEqualTo("default.c444");

        metrics.waiting(Map.of());
        assertThat(noted.number("collection.444.waitingFromMillis")).isZero();
    }

    @Test
    void whatIsNotSentTakesNobodysPlace() {
        for (int id = 1; id <= CollectionMetrics.MAX_COLLECTIONS; id++) {
            metrics.read(message(id, MILLIS));
        }
        send(9_999);
        assertThat(noted.names()).contains("collection.9999.database.default.name.c9999.bytesSent");
    }

    @Test
    void collectionsBeyondTheLimitAreCountedTogether() {
        int more = CollectionMetrics.MAX_COLLECTIONS + 10;
        for (int id = 1; id <= more; id++) {
            send(id);
        }
        List<String> sent =
                noted.names().stream().filter(n -> n.endsWith("insertRowsSent")).toList();
        assertThat(sent).hasSize(CollectionMetrics.MAX_COLLECTIONS + 1);
        assertThat(sent.stream().mapToLong(noted::number).sum())
                .isEqualTo(more * message(1, MILLIS).rows());
        String others = "collection.0.database.others.name.others.";
        assertThat(noted.number(others + "insertRowsSent")).isEqualTo(10);
        assertThat(noted.number(others + "insertRowsRead")).isEqualTo(10);

        metrics.waiting(Map.of((long) more, Tso.of(MILLIS, 0)));
        assertThat(noted.number("collection.0.waitingFromMillis")).isEqualTo(MILLIS);
    }

    @Test
    void whatIsDroppedIsMarkedAndGoesAMinuteLaterAndMakesRoom() {
        for (int id = 1; id <= CollectionMetrics.MAX_COLLECTIONS; id++) {
            send(id);
        }
        metrics.dropped(7);
        metrics.dropped(7);
        metrics.closeDropped();
        assertThat(noted.number("collection.7.dropped")).isEqualTo(1);
        assertThat(noted.names()).contains("collection.7.database.default.name.c7.bytesSent");

        nanos.addAndGet(CollectionMetrics.SHOWN_AFTER_DROP.toNanos());
        metrics.closeDropped();
        assertThat(noted.names()).noneMatch(name -> name.startsWith("collection.7."));
        send(9_999);
        assertThat(noted.names()).contains("collection.9999.database.default.name.c9999.bytesSent");
    }

    @Test
    void aWriterShowsNoMoreThanABoundedNumberInItsLife() {
        for (int id = 1; id <= CollectionMetrics.MAX_EVER + 10; id++) {
            send(id);
            metrics.dropped(id);
            nanos.addAndGet(CollectionMetrics.SHOWN_AFTER_DROP.toNanos());
            metrics.closeDropped();
        }
        assertThat(noted.names()).allMatch(name -> name.startsWith("collection.0."));
        assertThat(noted.number("collection.0.database.others.name.others.insertRowsSent"))
                .isEqualTo(10);
    }

    private void send(long id) {
        ChannelMessage message = message(id, MILLIS);
        metrics.read(message);
        metrics.sent(message, route(id));
    }

    private static ChannelMessage message(long id, long millis) {
        return SourceMessages.insert(SourceMessages.P0, 1, id, 1, Tso.of(millis, 0));
    }

    private static CollectionRoute route(long id) {
        return new CollectionRoute(
                new KnownCollection(id, 1, "default", "c" + id, Map.of()),
                "copies",
                "copy",
                900,
                List.of("t-dml_3_900v0"));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.MqPosition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VisibleLagTest {

    private static final QueuedMessage AT_SOURCE = message("s_0", 7, 1_000, MsgType.Insert, 10, 3);

    @Test
    void isTheTimeUntilTheFirstTickThatShowsTheRow() {
        List<QueuedMessage> target =
                List.of(
                        message("t_0", 0, 1_100, MsgType.TimeTick, 9, 0),
                        message("t_0", 1, 1_150, MsgType.Insert, 10, 3),
                        message("t_0", 2, 1_200, MsgType.TimeTick, 9, 0),
                        message("t_0", 3, 1_300, MsgType.TimeTick, 12, 0),
                        message("t_0", 4, 1_400, MsgType.TimeTick, 13, 0));

        VisibleLag lag = VisibleLag.of(Map.of("s_0", List.of(AT_SOURCE)), Map.of("t_0", target), 0);

        assertThat(lag.rows()).isEqualTo(3);
        assertThat(lag.percentile(50)).isEqualTo(300);
    }

    @Test
    void leavesOutRowsFromBeforeTheMeasurement() {
        VisibleLag lag = VisibleLag.of(Map.of("s_0", List.of(AT_SOURCE)), Map.of(), 1_001);

        assertThat(lag.rows()).isZero();
        assertThat(lag.percentile(99)).isZero();
    }

    @Test
    void tellsWhenTheFirstRowWasVisibleAndHowManyWereSlow() {
        List<QueuedMessage> target =
                List.of(
                        message("t_0", 1, 1_150, MsgType.Insert, 10, 3),
                        message("t_0", 3, 1_300, MsgType.TimeTick, 12, 0));

        VisibleLag lag = VisibleLag.of(Map.of("s_0", List.of(AT_SOURCE)), Map.of("t_0", target), 0);

        assertThat(lag.firstVisibleMillis()).isEqualTo(1_300);
        assertThat(lag.rowsSlowerThan(Duration.ofMillis(299))).isEqualTo(3);
        assertThat(lag.settledMillis(Duration.ofMillis(299))).isEqualTo(1_300);
        assertThat(lag.rowsSlowerThan(Duration.ofMillis(300))).isZero();
    }

    @Test
    void refusesRowsThatAreNotVisible() {
        List<QueuedMessage> target = List.of(message("t_0", 1, 1_150, MsgType.Insert, 10, 3));

        assertThatThrownBy(
                        () ->
                                VisibleLag.of(
                                        Map.of("s_0", List.of(AT_SOURCE)),
                                        Map.of("t_0", target),
                                        0))
                .isInstanceOf(QueueReadException.class)
                .hasMessageContaining("isn't visible");
    }

    private static QueuedMessage message(
            String topic, long offset, long appendMillis, MsgType type, long ts, long rows) {
        return new QueuedMessage(
                topic,
                MqPosition.ofKafkaOffset(offset),
                appendMillis,
                type.getNumber(),
                ts,
                1,
                topic + "_1v0",
                "_default",
                2,
                rows,
                ts,
                ts,
                0,
                0);
    }
}

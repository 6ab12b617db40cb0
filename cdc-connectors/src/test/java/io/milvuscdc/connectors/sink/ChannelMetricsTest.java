// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.ChannelMessage;
import org.junit.jupiter.api.Test;

final class ChannelMetricsTest {

    private final NotedMetrics noted = new NotedMetrics();
    private final ChannelMetrics metrics = new ChannelMetrics(noted.group());

    @Test
    void countsBytesBySourceChannel() {
        ChannelMessage rows = SourceMessages.insert(SourceMessages.P0, 1, 444, 1, 1_500);
        metrics.read(rows);
        metrics.read(rows);
        metrics.sent(rows);

        String channel = "pchannel." + SourceMessages.P0 + ".";
        assertThat(noted.number(channel + "insertBytesRead")).isEqualTo(2L * rows.payload().size());
        assertThat(noted.number(channel + "insertBytesSent")).isEqualTo(rows.payload().size());
        assertThat(noted.number(channel + "deleteBytesRead")).isZero();
    }

    @Test
    void tellsWhatATargetChannelDidNotTake() {
        metrics.target("t-dml_3", () -> 7);
        assertThat(noted.number("targetChannel.t-dml_3.sentAgain")).isEqualTo(7);
    }
}

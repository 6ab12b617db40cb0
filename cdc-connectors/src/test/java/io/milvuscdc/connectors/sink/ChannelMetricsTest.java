// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

final class ChannelMetricsTest {

    private final Map<String, Counter> registered = new TreeMap<>();
    private final ChannelMetrics metrics = new ChannelMetrics(new NotingGroup(""));

    @Test
    void countsBytesByPchannelAndRowsByCollectionUnderTheirNames() {
        ChannelMessage rows = SourceMessages.insert(SourceMessages.P0, 1, 444, 1, 1_500);
        metrics.read(rows);
        assertThat(registered.keySet()).noneMatch(name -> name.startsWith("collection"));
        metrics.read(rows);
        metrics.sent(rows, "c");

        String channel = "pchannel." + SourceMessages.P0 + ".";
        assertThat(count(channel + "insertBytesRead")).isEqualTo(2L * rows.payload().size());
        assertThat(count(channel + "insertBytesSent")).isEqualTo(rows.payload().size());
        assertThat(count(channel + "deleteBytesRead")).isZero();
        assertThat(count("collection.444.c.insertRowsRead")).isEqualTo(2 * rows.rows());
        assertThat(count("collection.444.c.insertRowsSent")).isEqualTo(rows.rows());
    }

    @Test
    void collectionsBeyondTheLimitAreCountedTogether() {
        int more = ChannelMetrics.MAX_COLLECTIONS + 10;
        long rows = 0;
        for (int id = 1; id <= more; id++) {
            ChannelMessage message = SourceMessages.insert(SourceMessages.P0, id, id, id, 1_500);
            metrics.read(message);
            metrics.sent(message, "c" + id);
            rows += message.rows();
        }
        assertThat(registered.keySet().stream().filter(n -> n.endsWith("insertRowsSent")))
                .hasSize(ChannelMetrics.MAX_COLLECTIONS + 1);
        assertThat(
                        registered.entrySet().stream()
                                .filter(e -> e.getKey().endsWith("insertRowsSent"))
                                .mapToLong(e -> e.getValue().getCount())
                                .sum())
                .isEqualTo(rows);
        assertThat(count("collection.0.others.insertRowsSent")).isEqualTo(10);
    }

    private long count(String name) {
        return registered.get(name).getCount();
    }

    /** Names metrics as Flink's REST API does behind the operator's name. */
    private final class NotingGroup extends UnregisteredMetricsGroup {

        private final String prefix;

        NotingGroup(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new NotingGroup(prefix + name + ".");
        }

        @Override
        public <C extends Counter> C counter(String name, C counter) {
            registered.put(prefix + name, counter);
            return counter;
        }
    }
}

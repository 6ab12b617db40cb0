// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Finding;
import io.milvuscdc.e2e.workload.WireMessages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PartitionIdsTest {

    private static final String TOPIC = "target-rootcoord-dml_0";
    private static final Map<Long, String> NAMES = Map.of(7L, "_default", 8L, "other");

    @Test
    void acceptsTheIdThatTheSideShows() {
        assertThat(check(insert(7))).isEmpty();
    }

    @Test
    void findsTheIdOfAnotherPartition() {
        assertThat(check(insert(8)))
                .singleElement()
                .extracting(Finding::what)
                .asString()
                .contains("'_default' by name, and for 'other' by its id 8");
    }

    @Test
    void findsAnIdThatIsNobodys() {
        assertThat(check(insert(9))).hasSize(1);
    }

    @Test
    void aDeleteFromAllPartitionsHasNone() {
        assertThat(check(rows(7).delete(1, 10, 0, 2))).isEmpty();
    }

    private static byte[] insert(long partitionId) {
        WireMessages rows = rows(partitionId);
        return rows.insert(1, 10, rows.columns(0, 2), 2);
    }

    private static WireMessages rows(long partitionId) {
        return new WireMessages(TOPIC + "_900v0", 900, "c", partitionId, 8);
    }

    private static List<Finding> check(byte[] payload) {
        QueuedMessage message =
                QueuedMessage.of(
                        MessageDecoder.decode(TOPIC, MqPosition.ofKafkaOffset(0), payload), 0);
        return PartitionIds.check(Map.of(TOPIC, List.of(message)), NAMES);
    }
}

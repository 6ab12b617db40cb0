// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.Serial;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts every channel at the offset that was fixed when the task was made. A channel without one
 * didn't exist then, so all of it belongs to the task. Nothing is ever reset: a position that the
 * broker no longer has is an error.
 */
final class StartOffsets implements OffsetsInitializer {

    @Serial private static final long serialVersionUID = 1L;

    private final TreeMap<String, Long> offsets;

    StartOffsets(Map<String, MqPosition> starts) {
        this.offsets = new TreeMap<>();
        starts.forEach((channel, position) -> offsets.put(channel, position.entry()));
    }

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            starts.put(partition, offsets.getOrDefault(partition.topic(), 0L));
        }
        return starts;
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }
}

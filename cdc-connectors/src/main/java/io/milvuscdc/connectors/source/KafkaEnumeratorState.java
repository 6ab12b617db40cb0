// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.MqPosition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;

/**
 * What a checkpoint holds of the enumerator.
 *
 * @param connector which channels readers have; they know how far
 * @param starts by channel, the first offset that belongs to the task, as it was fixed at the job's
 *     very first start: a job by {@code flink run} plans anew at every start, and today's end of a
 *     channel that it hasn't read yet isn't where it begins there. Empty in a checkpoint from
 *     before they were kept
 */
record KafkaEnumeratorState(KafkaSourceEnumState connector, Optional<Map<String, Long>> starts) {

    KafkaEnumeratorState {
        starts = starts.map(TreeMap::new);
    }

    /**
     * Where channels begin that no reader has yet. What a checkpoint without {@link #starts} knows
     * was found at the first start; anything else appeared later and is read from its beginning.
     *
     * @param planned the start point of the job that is restored
     */
    Map<String, Long> startsOr(StartPoint planned) {
        return starts.orElseGet(
                () -> {
                    Map<String, Long> known = offsets(planned);
                    if (connector.initialDiscoveryFinished()) {
                        known.keySet().retainAll(topics());
                    }
                    return known;
                });
    }

    private Set<String> topics() {
        return connector.partitions().stream()
                .map(partition -> partition.topicPartition().topic())
                .collect(Collectors.toSet());
    }

    /** The channels' first positions, as Kafka has them. */
    static Map<String, Long> offsets(StartPoint start) {
        Map<String, Long> offsets = new TreeMap<>();
        for (Map.Entry<String, MqPosition> channel : start.channels().entrySet()) {
            offsets.put(channel.getKey(), channel.getValue().entry());
        }
        return offsets;
    }
}

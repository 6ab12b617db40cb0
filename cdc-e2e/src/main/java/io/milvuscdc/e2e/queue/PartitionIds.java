// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Fault;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Finding;
import java.util.List;
import java.util.Map;

/**
 * Compares ids of partitions with their names. Milvus goes by the id only: rows with that of
 * another partition are in that one, whatever name they carry, and a partition key's queries don't
 * find them there.
 */
final class PartitionIds {

    private PartitionIds() {}

    /**
     * A finding for each message with rows whose partition has another id on its side.
     *
     * @param side all its messages, by pchannel
     * @param names of its partitions, by id
     */
    static List<Finding> check(Map<String, List<QueuedMessage>> side, Map<Long, String> names) {
        return side.values().stream()
                .flatMap(List::stream)
                .filter(QueuedMessage::hasRows)
                // a delete from all of them has none
                .filter(message -> message.partitionId() >= 0)
                .filter(message -> !message.partition().equals(names.get(message.partitionId())))
                .map(message -> new Finding(Fault.WRONG_PARTITION, words(message, names)))
                .toList();
    }

    private static String words(QueuedMessage message, Map<Long, String> names) {
        return "%s is for partition '%s' by name, and for %s by its id %d"
                .formatted(
                        message.describe(),
                        message.partition(),
                        names.containsKey(message.partitionId())
                                ? "'" + names.get(message.partitionId()) + "'"
                                : "none",
                        message.partitionId());
    }
}

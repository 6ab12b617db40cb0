// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Finding;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.MilvusServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks the queues for some collections only. Those that were dropped can't be checked: rows that
 * are read after the drop are left out, as it should be.
 */
public final class KeptCollections {

    private KeptCollections() {}

    /**
     * Checks that the rows of these collections take effect exactly once, in the partitions that
     * they were written to.
     *
     * @param names of collections that are there at both sides
     */
    public static ExactlyOnceVerdict check(MilvusPair pair, String database, List<String> names) {
        Side source =
                Side.read(
                        MilvusReader.ofSource(pair.source().uri()),
                        pair.broker().queue(),
                        pair.source(),
                        database,
                        names);
        Side target =
                Side.read(
                        MilvusReader.ofTarget(pair.target().uri()),
                        pair.kafka().queue(),
                        pair.target(),
                        database,
                        names);
        List<Finding> more = new ArrayList<>(source.unwritten());
        more.addAll(PartitionIds.check(source.messages(), source.partitions()));
        more.addAll(PartitionIds.check(target.messages(), target.partitions()));
        return ExactlyOnceChecker.check(source.messages(), target.messages()).and(more);
    }

    /**
     * One of the two.
     *
     * @param collections names by id
     * @param partitions names by id, of all the collections
     * @param messages those with rows of these collections only, by pchannel
     */
    private record Side(
            Map<Long, String> collections,
            Map<Long, String> partitions,
            Map<String, List<QueuedMessage>> messages) {

        static Side read(
                MilvusReader reader,
                MessageQueue queue,
                MilvusServer milvus,
                String database,
                List<String> names) {
            Map<Long, String> collections = new TreeMap<>();
            Map<Long, String> partitions = new TreeMap<>();
            try (reader) {
                for (String name : names) {
                    collections.put(reader.collectionId(database, name), name);
                    partitions.putAll(reader.partitionNames(database, name));
                }
            }
            Map<String, List<QueuedMessage>> messages = new TreeMap<>();
            try (QueueReader all = QueueReader.of(queue)) {
                all.readAll(milvus.options().name())
                        .forEach(
                                (pchannel, found) ->
                                        messages.put(
                                                pchannel,
                                                found.stream()
                                                        .filter(m -> isOf(collections, m))
                                                        .toList()));
            }
            return new Side(collections, partitions, messages);
        }

        private static boolean isOf(Map<Long, String> collections, QueuedMessage message) {
            return !message.hasRows() || collections.containsKey(message.collectionId());
        }

        /** The collections that nothing is proven of, because they have no rows. */
        List<Finding> unwritten() {
            Map<Long, String> left = new TreeMap<>(collections);
            messages.values().stream()
                    .flatMap(List::stream)
                    .filter(QueuedMessage::hasRows)
                    .forEach(message -> left.remove(message.collectionId()));
            return left.values().stream()
                    .map(
                            name ->
                                    new Finding(
                                            ExactlyOnceVerdict.Fault.UNWRITTEN,
                                            "collection " + name + " has no message"))
                    .toList();
        }
    }
}

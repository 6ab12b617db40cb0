// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.compare.MilvusReader.CollectionName;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Fault;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Finding;
import io.milvuscdc.e2e.servers.MilvusServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What source or target has in its queue for collections that are there.
 *
 * @param collections by id
 * @param partitions names by id, of all the collections
 * @param messages those with rows of these collections only, by pchannel
 */
record QueueSide(
        Map<Long, CollectionName> collections,
        Map<Long, String> partitions,
        Map<String, List<QueuedMessage>> messages) {

    /**
     * Reads one.
     *
     * @param milvus is closed
     * @param kept collections that have lost no partition; of others, what is for a partition that
     *     isn't there is left out
     * @param wanted collections
     */
    static QueueSide read(
            MilvusReader milvus,
            MessageQueue queue,
            MilvusServer server,
            Set<CollectionName> kept,
            Predicate<CollectionName> wanted) {
        Map<Long, CollectionName> collections = new TreeMap<>();
        Map<Long, String> partitions = new TreeMap<>();
        try (milvus) {
            collections.putAll(milvus.collections());
            collections.values().removeIf(wanted.negate());
            collections.values().forEach(one -> partitions.putAll(milvus.partitionNames(one)));
        }
        QueueSide all = new QueueSide(collections, partitions, new TreeMap<>());
        try (QueueReader reader = QueueReader.of(queue)) {
            reader.readAll(server.options().name())
                    .forEach(
                            (pchannel, found) ->
                                    all.messages.put(
                                            pchannel,
                                            found.stream()
                                                    .filter(m -> all.stands(m, kept))
                                                    .toList()));
        }
        return all;
    }

    private boolean stands(QueuedMessage message, Set<CollectionName> kept) {
        if (!message.hasRows()) {
            return true;
        }
        CollectionName collection = collectionOf(message);
        return collection != null
                && (kept.contains(collection)
                        // a delete from all partitions
                        || message.partitionId() < 0
                        || partitions.containsKey(message.partitionId()));
    }

    /** Inserts and deletes. */
    Stream<QueuedMessage> withRows() {
        return messages.values().stream().flatMap(List::stream).filter(QueuedMessage::hasRows);
    }

    /** The collection that rows are for; null when it isn't one of these. */
    CollectionName collectionOf(QueuedMessage message) {
        return collections.get(message.collectionId());
    }

    /** Those of these collections that nothing is proven of, because they have no rows. */
    List<Finding> unwritten(Set<CollectionName> names) {
        Set<CollectionName> left = new TreeSet<>(names);
        withRows().forEach(message -> left.remove(collectionOf(message)));
        return left.stream()
                .map(name -> new Finding(Fault.UNWRITTEN, "collection " + name + " has no message"))
                .toList();
    }
}

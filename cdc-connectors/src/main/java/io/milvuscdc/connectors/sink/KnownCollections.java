// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.TargetCollection;
import io.milvuscdc.connectors.target.TargetPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a writer remembers of the collections that it has routed, by their ids at the source: it
 * comes from the checkpoint and goes into the next one. Used by the writer's thread.
 */
final class KnownCollections {

    private final Map<Long, KnownCollection> known = new HashMap<>();

    /** The partitions of a collection at the target, as it says now. */
    @FunctionalInterface
    interface Partitions {
        /** By name; none when the target doesn't have the collection. */
        Map<String, TargetPartition> of(long targetCollectionId);
    }

    KnownCollections(Collection<WriterState> restored) {
        for (WriterState state : restored) {
            for (KnownCollection collection : state.known()) {
                known.merge(collection.id(), collection, KnownCollection::with);
            }
        }
    }

    Optional<KnownCollection> find(long id) {
        return Optional.ofNullable(known.get(id));
    }

    void put(KnownCollection collection) {
        known.put(collection.id(), collection);
    }

    void forget(long id) {
        known.remove(id);
    }

    List<KnownCollection> all() {
        return new ArrayList<>(known.values());
    }

    /** What is known of a source collection whose copy has just been found. */
    KnownCollection at(SourceCollection source, TargetCollection copy, Partitions partitions) {
        KnownCollection now =
                new KnownCollection(
                        source.id(), copy.createdTs(), source.dbName(), source.name(), Map.of());
        return find(source.id())
                .map(before -> now.with(atCopy(before, copy, partitions)))
                .orElse(now);
    }

    /**
     * What is remembered, without the partitions that the copy doesn't have: it may be another one
     * than before, because somebody has emptied the target, or dropped the copy or a partition of
     * it by hand. The target takes rows for an id that it doesn't have, and never shows them.
     */
    static KnownCollection atCopy(
            KnownCollection remembered, TargetCollection copy, Partitions partitions) {
        Map<Long, Long> there = new TreeMap<>(remembered.partitions());
        if (!there.isEmpty()) {
            Set<Long> ids = new HashSet<>();
            partitions.of(copy.id()).values().forEach(partition -> ids.add(partition.id()));
            there.values().retainAll(ids);
        }
        return new KnownCollection(
                remembered.id(), copy.createdTs(), remembered.database(), remembered.name(), there);
    }
}

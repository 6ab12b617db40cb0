// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The partitions whose drop was committed last, which a watch that is behind still shows. Ids are
 * never used again, so to remember one for too long does no harm. Thread-safe.
 */
final class DroppedPartitions {

    /** Many more than are dropped while a watch is behind. */
    private static final int AT_MOST = 10_000;

    private record Partition(long collectionId, long partitionId) {}

    private final Set<Partition> dropped = new LinkedHashSet<>();

    synchronized void add(long collectionId, long partitionId) {
        dropped.add(new Partition(collectionId, partitionId));
        if (dropped.size() > AT_MOST) {
            dropped.remove(dropped.iterator().next());
        }
    }

    synchronized boolean contains(long collectionId, long partitionId) {
        return dropped.contains(new Partition(collectionId, partitionId));
    }

    /** The collection without those. */
    synchronized SourceCollection leaveOut(SourceCollection collection) {
        List<SourcePartition> left =
                collection.partitions().stream()
                        .filter(p -> !dropped.contains(new Partition(collection.id(), p.id())))
                        .toList();
        return left.size() == collection.partitions().size()
                ? collection
                : collection.withPartitions(left);
    }
}

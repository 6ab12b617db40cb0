// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.target.MetadataReconciler;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The source's catalogue without the collections and partitions whose drop was committed: its watch
 * may be behind the messages, and what was just dropped at the target must not be made again.
 *
 * @param catalogue what the watch shows
 * @param refresh completes one collection of it
 */
record UndroppedView(
        MetadataReconciler.SourceView catalogue,
        UnaryOperator<SourceCollection> refresh,
        Set<Long> dropped,
        DroppedPartitions droppedPartitions)
        implements MetadataReconciler.SourceView {

    @Override
    public List<SourceDatabase> databases() {
        return catalogue.databases();
    }

    @Override
    public List<SourceCollection> collections() {
        return catalogue.collections().stream()
                .filter(c -> !dropped.contains(c.id()))
                .map(droppedPartitions::leaveOut)
                .toList();
    }

    @Override
    public Optional<SourceCollection> collection(long id) {
        return dropped.contains(id)
                ? Optional.empty()
                : catalogue.collection(id).map(refresh).map(droppedPartitions::leaveOut);
    }

    /**
     * Since when the source has a partition of this name, by the watch; empty when it has none.
     * Thread-safe.
     */
    OptionalLong partitionSince(long collectionId, String name) {
        return catalogue.collection(collectionId).map(droppedPartitions::leaveOut).stream()
                .flatMap(c -> c.partitions().stream())
                .filter(p -> p.name().equals(name))
                .mapToLong(SourcePartition::createTs)
                .max();
    }

    @Override
    public boolean isDropped(long collectionId) {
        return dropped.contains(collectionId);
    }

    @Override
    public boolean isDropped(long collectionId, long partitionId) {
        return droppedPartitions.contains(collectionId, partitionId);
    }
}

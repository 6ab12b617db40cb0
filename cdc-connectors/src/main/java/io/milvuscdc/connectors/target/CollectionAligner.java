// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.target.TargetException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Makes what hangs on one copy equal to its original: partitions, properties, fields' parameters,
 * aliases, indexes, load state. Each is tried even when one before it fails. Used by one thread.
 */
final class CollectionAligner {

    private final TargetClient client;
    private final MetadataReconciler.SourceView view;
    private final DropExecutor drops;
    private final CopyWatch watch;
    private final FreedChanges changes;
    private final PropertyAligner properties;
    private final FieldAligner fields;
    private final IndexAligner indexes;
    private final LoadAligner load;

    CollectionAligner(
            TargetClient client,
            LoadTurns turns,
            MetadataReconciler.SourceView view,
            DropExecutor drops,
            CopyWatch watch) {
        this.client = client;
        this.view = view;
        this.drops = drops;
        this.watch = watch;
        this.changes = new FreedChanges(client);
        this.properties = new PropertyAligner(client, changes);
        this.fields = new FieldAligner(client, changes);
        this.indexes = new IndexAligner(client);
        this.load = new LoadAligner(client, turns);
    }

    /**
     * Compares and changes.
     *
     * @param ours whether a create ts is that of a source collection or of a copy
     * @return what couldn't be done now
     */
    Leftovers align(
            SourceCollection source,
            TargetCollection copy,
            long readTs,
            LongPredicate ours,
            AppliedChanges applied) {
        Leftovers left = new Leftovers();
        attempt(source, left, () -> partitions(source, copy, readTs, left, applied));
        attempt(source, left, () -> properties.align(source, copy, applied));
        attempt(source, left, () -> fields.align(source, copy, applied));
        attempt(source, left, () -> aliases(source, copy, ours, left, applied));
        attempt(source, left, () -> indexes.align(source, copy, left, applied));
        attempt(source, left, () -> load.align(source, copy, left, applied));
        return left;
    }

    /** Forgets what it knows of a copy that is gone. */
    void forget(long copyId) {
        watch.forget(copyId);
        changes.forget(copyId);
        properties.forget(copyId);
        fields.forget(copyId);
        indexes.forget(copyId);
    }

    private void attempt(SourceCollection source, Leftovers left, Runnable part) {
        if (view.isDropped(source.id())) {
            // the copy's name may be another one's by now
            return;
        }
        try {
            part.run();
        } catch (TargetException e) {
            if (e.kind() == Kind.FATAL || e.unanswered()) {
                throw e;
            }
            left.fails(e.getMessage());
        }
    }

    private void partitions(
            SourceCollection source,
            TargetCollection copy,
            long readTs,
            Leftovers left,
            AppliedChanges applied) {
        if (CreateRequests.hasPartitionKey(source)) {
            return;
        }
        Map<String, TargetPartition> there = client.partitions(copy.db(), copy.name());
        List<SourcePartition> made = new ArrayList<>();
        for (SourcePartition partition : source.partitions()) {
            watch.partition(
                    source, copy, partition, Optional.ofNullable(there.get(partition.name())));
            if (there.containsKey(partition.name())
                    || view.isDropped(source.id(), partition.id())) {
                continue;
            }
            if (partition.createTs() > readTs) {
                left.waits(
                        "partition "
                                + partition.name()
                                + " waits until everything before its creation is read");
                continue;
            }
            // writers tell by its age whether it's the copy or one that had its name before
            if (client.timestamp() <= partition.createTs()) {
                left.waits(
                        "partition "
                                + partition.name()
                                + " waits for the target's clock, which is behind the source's");
                continue;
            }
            client.createPartition(copy.db(), copy.name(), partition.name());
            applied.add(source, "created partition " + partition.name() + " of " + copy.fullName());
            if (view.isDropped(source.id(), partition.id())) {
                dropAgain(source, copy, partition, applied);
            } else {
                made.add(partition);
            }
        }
        if (!made.isEmpty()) {
            Map<String, TargetPartition> now = client.partitions(copy.db(), copy.name());
            made.forEach(
                    one ->
                            watch.partition(
                                    source, copy, one, Optional.ofNullable(now.get(one.name()))));
        }
    }

    /** Its drop was committed, and may have been done, while it was being made. */
    private void dropAgain(
            SourceCollection source,
            TargetCollection copy,
            SourcePartition partition,
            AppliedChanges applied) {
        TargetPartition made = client.partitions(copy.db(), copy.name()).get(partition.name());
        if (made != null
                && drops.dropPartition(
                        copy.createdTs(), partition.name(), made.id(), partition.createTs())) {
            applied.add(
                    source,
                    "dropped partition "
                            + partition.name()
                            + " of "
                            + copy.fullName()
                            + ", which was made while it was being dropped");
        }
    }

    private void aliases(
            SourceCollection source,
            TargetCollection copy,
            LongPredicate ours,
            Leftovers left,
            AppliedChanges applied) {
        if (source.aliases().isEmpty()) {
            return;
        }
        List<String> there = client.aliases(copy);
        for (String alias : source.aliases()) {
            if (!there.contains(alias)) {
                alias(source, copy, alias, ours, left, applied);
            }
        }
    }

    private void alias(
            SourceCollection source,
            TargetCollection copy,
            String alias,
            LongPredicate ours,
            Leftovers left,
            AppliedChanges applied) {
        Optional<TargetCollection> holder = client.describe(copy.db(), alias);
        if (holder.isEmpty()) {
            client.createAlias(copy.db(), copy.name(), alias);
            applied.add(source, "created alias " + alias + " of " + copy.fullName());
        } else if (!holder.get().name().equals(alias) && ours.test(holder.get().createdTs())) {
            client.alterAlias(copy.db(), copy.name(), alias);
            applied.add(source, "moved alias " + alias + " to " + copy.fullName());
        } else {
            left.fails("alias " + alias + " is taken by collection " + holder.get().fullName());
        }
    }
}

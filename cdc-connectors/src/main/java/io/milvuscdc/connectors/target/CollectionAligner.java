// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.KeyValuePair;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.target.TargetException.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what hangs on one copy equal to its original: partitions, properties, aliases, indexes,
 * load state. Each is tried even when one before it fails. Used by one thread.
 */
final class CollectionAligner {

    private static final Logger LOG = LoggerFactory.getLogger(CollectionAligner.class);

    private final TargetClient client;
    private final MetadataReconciler.SourceView view;
    private final DropExecutor drops;
    private final IndexAligner indexes;
    private final LoadAligner load;
    private final Set<String> unremovable = new HashSet<>();

    CollectionAligner(
            TargetClient client,
            LoadTurns turns,
            MetadataReconciler.SourceView view,
            DropExecutor drops) {
        this.client = client;
        this.view = view;
        this.drops = drops;
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
        attempt(source, left, () -> properties(source, copy, applied));
        attempt(source, left, () -> aliases(source, copy, ours, left, applied));
        attempt(source, left, () -> indexes.align(source, copy, left, applied));
        attempt(source, left, () -> load.align(source, copy, left, applied));
        return left;
    }

    /** Forgets what it knows of a copy that is gone. */
    void forget(long copyId) {
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
        for (SourcePartition partition : source.partitions()) {
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
            }
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

    private void properties(
            SourceCollection source, TargetCollection copy, AppliedChanges applied) {
        Map<String, String> wanted = byKey(CreateRequests.properties(source));
        Map<String, String> found = byKey(copy.properties());
        List<KeyValuePair> changed =
                CreateRequests.properties(source).stream()
                        .filter(p -> !p.getValue().equals(found.get(p.getKey())))
                        .toList();
        if (!changed.isEmpty()) {
            unloaded(
                    source,
                    copy,
                    applied,
                    () -> client.alterProperties(copy.db(), copy.name(), changed));
            applied.add(
                    source, "set properties " + byKey(changed).keySet() + " of " + copy.fullName());
        }
        List<String> surplus =
                found.keySet().stream()
                        .filter(key -> !wanted.containsKey(key))
                        .filter(CreateRequests::isCopied)
                        .filter(key -> !unremovable.contains(copy.id() + key))
                        .toList();
        if (!surplus.isEmpty()) {
            remove(source, copy, surplus, applied);
        }
    }

    private void remove(
            SourceCollection source,
            TargetCollection copy,
            List<String> keys,
            AppliedChanges applied) {
        try {
            unloaded(
                    source,
                    copy,
                    applied,
                    () -> client.removeProperties(copy.db(), copy.name(), keys));
            applied.add(source, "removed properties " + keys + " of " + copy.fullName());
        } catch (TargetException e) {
            if (e.kind() == Kind.FATAL || e.unanswered()) {
                throw e;
            }
            // Milvus before 2.5 can't
            keys.forEach(key -> unremovable.add(copy.id() + key));
            LOG.warn(
                    "Properties {} of target collection {} stay, though the source has removed"
                            + " them: {}",
                    keys,
                    copy.fullName(),
                    e.getMessage());
        }
    }

    /**
     * Changes what Milvus may refuse to change of a loaded collection (mmap.enabled,
     * lazyload.enabled since 2.4): the source had to release its own, too. What's loaded is
     * compared afterwards.
     */
    private void unloaded(
            SourceCollection source,
            TargetCollection copy,
            AppliedChanges applied,
            Runnable change) {
        try {
            change.run();
        } catch (TargetException e) {
            if (e.code() != StatusClassifier.COLLECTION_LOADED) {
                throw e;
            }
            client.releaseCollection(copy.db(), copy.name());
            applied.add(
                    source, "released collection " + copy.fullName() + " to change its properties");
            change.run();
        }
    }

    private void aliases(
            SourceCollection source,
            TargetCollection copy,
            LongPredicate ours,
            Leftovers left,
            AppliedChanges applied) {
        for (String alias : source.aliases()) {
            if (!copy.aliases().contains(alias)) {
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

    private static Map<String, String> byKey(List<KeyValuePair> pairs) {
        return pairs.stream()
                .collect(
                        Collectors.toMap(
                                KeyValuePair::getKey,
                                KeyValuePair::getValue,
                                (first, second) -> second));
    }
}

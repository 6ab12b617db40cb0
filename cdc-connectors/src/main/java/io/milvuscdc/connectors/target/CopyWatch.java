// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.target.MetadataReconciler.Copy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Notices that somebody else has dropped a copy or a partition of it, or put another one in its
 * place. Milvus answers OK for rows that are sent to ids which aren't there any more, and never
 * shows them, so that nothing else would tell. Used by one thread.
 */
final class CopyWatch {

    /** So often at least; in between whenever something is compared. */
    private static final Duration EVERY = Duration.ofMinutes(1);

    private static final String WHAT_TO_DO =
            ". What it held is lost there, and rows that were sent since then, too: only this task"
                    + " may change what it copies. Resume the task to go on with what is written"
                    + " from now on, or delete it and begin again with a copy of everything"
                    + " (docs/troubleshooting.md)";

    private final TargetDirectory directory;
    private final MetadataReconciler.SourceView view;
    private final LongSupplier nanoClock;
    private long lookedAt;

    /** By id of the copy: ids of its partitions by that of the source's partition. */
    private final Map<Long, Map<Long, Long>> partitions = new HashMap<>();

    CopyWatch(
            TargetDirectory directory, MetadataReconciler.SourceView view, LongSupplier nanoClock) {
        this.directory = directory;
        this.view = view;
        this.nanoClock = nanoClock;
        this.lookedAt = nanoClock.getAsLong();
    }

    /** Whether the copies are to be looked for though nothing has changed. */
    boolean isDue() {
        return nanoClock.getAsLong() - lookedAt >= EVERY.toNanos();
    }

    /**
     * Looks whether the target still has these copies, by what the directory has just read.
     *
     * @param copies as they were seen
     * @throws FatalTargetException when one isn't there any more that the source still has
     */
    void look(Collection<Copy> copies) {
        lookedAt = nanoClock.getAsLong();
        if (copies.stream().anyMatch(this::isGone)) {
            // one that was renamed while the databases were listed may be in none of the lists
            directory.refresh();
            copies.stream().filter(this::isGone).findFirst().ifPresent(this::fail);
        }
    }

    private boolean isGone(Copy copy) {
        return directory
                        .listed(copy.of().createTs())
                        .filter(listing -> listing.id() == copy.id())
                        .isEmpty()
                && view.collection(copy.of().id())
                        .filter(source -> source.state() == ObjectState.CREATED)
                        .isPresent()
                // asked last: it's said before the drop is done
                && !view.isDropped(copy.of().id());
    }

    private void fail(Copy copy) {
        SourceCollection source = copy.of();
        throw missing(
                "The copy of source collection %s.%s".formatted(source.dbName(), source.name()),
                copy.id(),
                directory
                        .listed(source.createTs())
                        .map(there -> "%s (id %d)".formatted(there.fullName(), there.id())));
    }

    /**
     * That something isn't there.
     *
     * @param inItsPlace what is there instead, in words
     */
    private static FatalTargetException missing(String what, long id, Optional<String> inItsPlace) {
        return new FatalTargetException(
                "%s isn't at the target any more (id %d): somebody else has dropped it%s%s"
                        .formatted(
                                what,
                                id,
                                inItsPlace.map(", and %s has its place"::formatted).orElse(""),
                                WHAT_TO_DO));
    }

    /**
     * Looks at a partition of a copy.
     *
     * @param there what the target has under its name; empty for nothing
     * @throws FatalTargetException when that isn't what was there before
     */
    void partition(
            SourceCollection source,
            TargetCollection copy,
            SourcePartition partition,
            Optional<TargetPartition> there) {
        Map<Long, Long> seen = partitions.computeIfAbsent(copy.id(), id -> new HashMap<>());
        // an older one is the copy of another partition, which had the name before
        Optional<Long> now =
                there.filter(one -> one.createdTs() > partition.createTs())
                        .map(TargetPartition::id);
        Long before = seen.get(partition.id());
        boolean same = before == null || now.equals(Optional.of(before));
        if (!same && !view.isDropped(source.id(), partition.id())) {
            throw missing(
                    "Partition %s of %s".formatted(partition.name(), copy.fullName()),
                    before,
                    now.map("another one (id %d)"::formatted));
        }
        now.ifPresent(id -> seen.put(partition.id(), id));
    }

    /** Forgets a copy that was dropped in good order. */
    void forget(long copyId) {
        partitions.remove(copyId);
    }
}

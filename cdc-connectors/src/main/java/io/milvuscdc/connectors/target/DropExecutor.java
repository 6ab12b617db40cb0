// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops collections and partitions at the target that were dropped at the source, once everything
 * before the drop is read. Every drop can be done again. The data itself goes with the drop message
 * on the channel. Thread-safe, one drop after the other: what is dropped by its name was looked up
 * just before, and nobody else has dropped it, and given its name away, since. Calls fail with a
 * {@link TargetException}.
 */
public final class DropExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(DropExecutor.class);

    private final TargetClient client;
    private final Adoptions adoptions;
    private final BiConsumer<String, String> aliasDropped;
    private final TargetDirectory directory;
    private final LoadStates states;

    /**
     * Of one target whose aliases nobody moves at the same time.
     *
     * @param adoptions what was taken over as copies
     */
    public DropExecutor(TargetClient client, Adoptions adoptions) {
        this(client, adoptions, (db, alias) -> {});
    }

    /**
     * Of one target.
     *
     * @param adoptions what was taken over as copies
     * @param aliasDropped told of each alias that was dropped with its collection, by its database
     *     and name at the target, on the thread that drops: another collection may have got it at
     *     that very moment
     */
    public DropExecutor(
            TargetClient client, Adoptions adoptions, BiConsumer<String, String> aliasDropped) {
        this.client = client;
        this.adoptions = adoptions;
        this.aliasDropped = aliasDropped;
        this.directory = new TargetDirectory(client, adoptions);
        this.states = new LoadStates(client);
    }

    /**
     * What was taken over as the copy of a source collection, whose own create ts isn't that; empty
     * for a collection whose copy was made as such, or isn't known.
     */
    public synchronized Optional<TargetCollection> takenOver(long createTs) {
        return adoptions.copyOf(createTs) == createTs ? Optional.empty() : fresh(createTs);
    }

    /**
     * Drops the copy of a source collection, under whatever name the target has it.
     *
     * @param createTs the create ts of the collection or of its copy
     * @param db its database at the source, for the log: by a name nothing is dropped, because it
     *     may belong to another collection by now
     * @param name its name at the source, for the log
     * @param dropTs the drop's tso
     * @return false when there was nothing to drop
     */
    public synchronized boolean dropCollection(long createTs, String db, String name, long dropTs) {
        return client.lookAndAsk(
                () -> collection(createTs, db, name),
                copy -> client.dropCollection(copy.db(), copy.name(), dropTs));
    }

    private Optional<TargetCollection> collection(long createTs, String db, String name) {
        Optional<TargetCollection> copy = fresh(createTs);
        if (copy.isEmpty()) {
            LOG.info(
                    "Collection {}.{} (create ts {}) isn't at the target: nothing to drop",
                    db,
                    name,
                    createTs);
            return copy;
        }
        // since 2.4 a collection that has aliases isn't dropped
        for (String alias : client.aliases(copy.get())) {
            dropAlias(copy.get(), alias);
        }
        return copy;
    }

    /** Drops an alias unless it was moved to another collection since it was listed. */
    private void dropAlias(TargetCollection copy, String alias) {
        boolean dropped =
                client.lookAndAsk(
                        () ->
                                client.describe(copy.db(), alias)
                                        .filter(holder -> holder.id() == copy.id()),
                        holder -> client.dropAliasOnce(copy.db(), alias));
        if (dropped) {
            aliasDropped.accept(copy.db(), alias);
        }
    }

    /**
     * Drops a partition of the copy of a source collection, unless its name belongs to a younger
     * partition by now.
     *
     * @param collectionCreateTs the create ts of the collection or of its copy
     * @param targetPartitionId the partition's id at the target
     * @param dropTs the drop's tso
     * @return false when there was nothing to drop
     */
    public boolean dropPartition(
            long collectionCreateTs, String partition, long targetPartitionId, long dropTs) {
        return dropPartition(
                collectionCreateTs, partition, there -> there.id() == targetPartitionId, dropTs);
    }

    /**
     * The same of a partition whose id at the target isn't known.
     *
     * @param isMeant whether what the target has under the name is what is to be dropped; asked
     *     after that was looked up
     */
    public synchronized boolean dropPartition(
            long collectionCreateTs,
            String partition,
            Predicate<TargetPartition> isMeant,
            long dropTs) {
        return client.lookAndAsk(
                () -> withPartition(collectionCreateTs, partition, isMeant),
                copy -> client.dropPartition(copy.db(), copy.name(), partition, dropTs));
    }

    /** The copy, if it has the partition that's meant, which is released then. */
    private Optional<TargetCollection> withPartition(
            long collectionCreateTs, String partition, Predicate<TargetPartition> isMeant) {
        Optional<TargetCollection> copy = fresh(collectionCreateTs);
        if (copy.isEmpty()) {
            return copy;
        }
        TargetPartition there =
                client.partitions(copy.get().db(), copy.get().name()).get(partition);
        if (there == null || !isMeant.test(there)) {
            return Optional.empty();
        }
        release(copy.get(), partition);
        return copy;
    }

    /**
     * Drops a database by its name at the target, unless it has collections.
     *
     * @return false when it has any or isn't there
     */
    public synchronized boolean dropIfEmpty(String database) {
        if (!client.listDatabases().contains(database)
                || !client.listCollections(database).isEmpty()) {
            return false;
        }
        client.dropDatabase(database);
        return true;
    }

    private void release(TargetCollection copy, String partition) {
        List<String> names = List.of(partition);
        // a loaded partition isn't dropped (2.3.5: "partition is loaded, please release it first")
        if (states.mayBeLoaded(copy, names)) {
            client.releasePartitions(copy.db(), copy.name(), names);
        }
    }

    private Optional<TargetCollection> fresh(long createTs) {
        directory.invalidate();
        return directory.findByCreateTs(createTs);
    }
}

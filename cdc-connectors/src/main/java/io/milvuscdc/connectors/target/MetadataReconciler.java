// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.target.TargetDirectory.Resolution;
import io.milvuscdc.connectors.target.TargetException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the target's databases, collections, partitions, properties, aliases, indexes and load
 * state what they are at the source. It compares states and never replays events, so it may be
 * stopped anywhere and run again. {@link #reconcile} is for one thread; {@link #markDirty} for any.
 */
public final class MetadataReconciler {

    private static final Logger LOG = LoggerFactory.getLogger(MetadataReconciler.class);
    private static final String DEFAULT_DATABASE = "default";

    /** What the source says of itself. */
    public interface SourceView {
        List<SourceDatabase> databases();

        /** Those that exist: created and not dropped. */
        List<SourceCollection> collections();

        /** A collection in whatever state, as long as it's known. */
        Optional<SourceCollection> collection(long id);

        /**
         * Whether a collection's drop was committed, which may happen while it's worked on. Asks
         * nobody; says so before its copy is dropped, so that what is made and still not dropped
         * afterwards is found by that drop.
         */
        default boolean isDropped(long collectionId) {
            return false;
        }

        /** The same of a partition. */
        default boolean isDropped(long collectionId, long partitionId) {
            return false;
        }
    }

    /**
     * What a run did and left.
     *
     * @param applied the changes made, in words
     * @param targetPchannels those of all copies, which need ticks
     * @param pending what isn't equal yet and why, in words
     * @param knownDatabases the databases that replication has seen; to be handed to {@link
     *     #restoreKnownDatabases} after a restart, so that drops in between are noticed
     */
    public record ReconcileResult(
            List<String> applied,
            Set<String> targetPchannels,
            List<String> pending,
            Set<String> knownDatabases) {

        public ReconcileResult {
            applied = List.copyOf(applied);
            targetPchannels = Set.copyOf(targetPchannels);
            pending = List.copyOf(pending);
            knownDatabases = Set.copyOf(knownDatabases);
        }
    }

    /** One that was seen for {@code of}. */
    record Copy(long id, SourceCollection of, List<String> pchannels) {}

    private final TargetClient client;
    private final SourceView source;
    private final TargetDirectory directory;
    private final DropExecutor drops;
    private final DatabaseAligner databaseProperties;
    private final LoadTurns turns;
    private final CopyWatch watch;
    private final CollectionAligner aligner;

    private final Object dirtyLock = new Object();
    private final Set<Long> dirty = new HashSet<>();
    private boolean everything = true;

    private final Map<Long, Copy> copies = new HashMap<>();
    private final PendingWork pending;
    private final Map<String, String> pendingDatabases = new TreeMap<>();
    private final Set<Long> sourceCreateTs = new HashSet<>();
    private final Set<String> knownDatabases = new TreeSet<>();
    private Set<String> databasesMade = Set.of();

    /**
     * Of a source whose drops nobody does at the same time.
     *
     * @param adoptions what was taken over as copies; gets what this one takes over
     */
    public MetadataReconciler(TargetClient client, SourceView source, Adoptions adoptions) {
        this(client, source, adoptions, new DropExecutor(client, adoptions));
    }

    /**
     * Of one task.
     *
     * @param adoptions what was taken over as copies; gets what this one takes over
     * @param drops does the drops that the source's view tells of; used for what was made at the
     *     moment of its drop
     */
    public MetadataReconciler(
            TargetClient client, SourceView source, Adoptions adoptions, DropExecutor drops) {
        this(client, source, adoptions, drops, System::nanoTime);
    }

    MetadataReconciler(
            TargetClient client,
            SourceView source,
            Adoptions adoptions,
            DropExecutor drops,
            LongSupplier nanoClock) {
        this.client = client;
        this.drops = drops;
        this.databaseProperties = new DatabaseAligner(client);
        this.pending = new PendingWork(nanoClock);
        this.source = source;
        this.directory = new TargetDirectory(client, adoptions, nanoClock);
        this.turns = new LoadTurns(client, directory, nanoClock);
        this.watch = new CopyWatch(directory, source, nanoClock);
        this.aligner = new CollectionAligner(client, turns, source, drops, watch);
    }

    /**
     * Has databases looked at that replication has seen, by the target's names: in an earlier run,
     * or because their drop at the source was read. They may be gone by now, too.
     */
    public void restoreKnownDatabases(Collection<String> names) {
        knownDatabases.addAll(names);
        names.forEach(databaseProperties::forget);
        Set<String> sure = new TreeSet<>(databasesMade);
        sure.removeAll(names);
        databasesMade = sure;
    }

    /** Has these source collections compared again by the next run. Thread-safe. */
    public void markDirty(Collection<Long> sourceCollectionIds) {
        synchronized (dirtyLock) {
            dirty.addAll(sourceCollectionIds);
        }
    }

    /** Has everything compared again by the next run. Thread-safe. */
    public void markAllDirty() {
        synchronized (dirtyLock) {
            everything = true;
        }
    }

    /**
     * Compares what's dirty and makes it equal. What can't be done now is left pending, and tried
     * by the next run; it doesn't keep the rest from being done.
     *
     * @param readTs everything up to here has been read, and what was dropped until then is
     *     dropped: collections and partitions created up to here are made
     * @param tick the newest tick that all of the target's pchannels have got; stands still while
     *     rows wait, when {@code readTs} grows
     * @throws FatalTargetException when it would fail again and again until somebody acts
     */
    public ReconcileResult reconcile(long readTs, long tick) {
        AppliedChanges applied = new AppliedChanges();
        Set<Long> work = Set.of();
        try {
            turns.look(tick);
            compareAgain(turns.failed());
            work = takeDirty();
            databases(applied);
            if (!work.isEmpty() || watch.isDue()) {
                directory.refresh();
                watch.look(copies.values());
            }
            if (!work.isEmpty()) {
                collections(work, readTs, applied);
            }
            turns.allCopiesAreKnown();
        } catch (FatalTargetException e) {
            throw e;
        } catch (TargetException e) {
            // the target as a whole doesn't answer
            markDirty(work);
            LOG.warn("Metadata is left for later: {}", e.getMessage());
        }
        return result(applied);
    }

    private void compareAgain(Set<Long> copyIds) {
        copies.forEach(
                (sourceId, copy) -> {
                    if (copyIds.contains(copy.id())) {
                        markDirty(Set.of(sourceId));
                    }
                });
    }

    private Set<Long> takeDirty() {
        synchronized (dirtyLock) {
            Set<Long> taken = new HashSet<>(dirty);
            if (everything) {
                source.collections().forEach(c -> taken.add(c.id()));
                taken.addAll(copies.keySet());
            }
            everything = false;
            dirty.clear();
            taken.addAll(pending.due());
            return taken;
        }
    }

    private ReconcileResult result(AppliedChanges applied) {
        Set<String> pchannels = new TreeSet<>();
        copies.values().forEach(copy -> pchannels.addAll(copy.pchannels()));
        List<String> left = new ArrayList<>(pendingDatabases.values());
        left.addAll(pending.texts());
        return new ReconcileResult(applied.texts(), pchannels, left, knownDatabases);
    }

    private void databases(AppliedChanges applied) {
        Set<String> wanted = new TreeSet<>();
        Map<String, SourceDatabase> byName = new HashMap<>();
        for (SourceDatabase database : source.databases()) {
            if (database.state() == ObjectState.CREATED) {
                wanted.add(database.name());
                byName.put(database.name(), database);
            }
        }
        Map<String, String> before = Map.copyOf(pendingDatabases);
        pendingDatabases.clear();
        if (!wanted.equals(databasesMade)) {
            List<String> there = client.listDatabases();
            Set<String> made = new TreeSet<>(there);
            made.retainAll(wanted);
            for (String name : wanted) {
                if (!made.contains(name)) {
                    attempt(
                            name,
                            before,
                            () -> {
                                client.createDatabase(name, byName.get(name).properties());
                                made.add(name);
                                applied.add("created database " + name);
                            });
                }
            }
            databasesMade = made;
        }
        for (String name : databasesMade) {
            attempt(name, before, () -> databaseProperties.align(byName.get(name), applied));
        }
        knownDatabases.addAll(wanted);
        List<String> vanished = knownDatabases.stream().filter(d -> !wanted.contains(d)).toList();
        if (!vanished.isEmpty()) {
            Set<String> used = new HashSet<>();
            source.collections().forEach(collection -> used.add(collection.dbName()));
            vanished.stream()
                    .filter(name -> !used.contains(name))
                    .forEach(name -> attempt(name, before, () -> dropDatabase(name, applied)));
        }
    }

    /** Does one database's part; an error of it is left, one of the whole target isn't. */
    private void attempt(String database, Map<String, String> before, Runnable part) {
        try {
            part.run();
        } catch (TargetException e) {
            if (e.kind() == Kind.FATAL || e.unanswered()) {
                throw e;
            }
            String text = "database " + database + ": " + e.getMessage();
            pendingDatabases.put(database, text);
            if (!text.equals(before.get(database))) {
                LOG.warn("Left for later: {}", text);
            }
        }
    }

    private void dropDatabase(String name, AppliedChanges applied) {
        if (name.equals(DEFAULT_DATABASE)) {
            return;
        }
        if (!client.listDatabases().contains(name)) {
            // dropped with the commit already
            knownDatabases.remove(name);
            databaseProperties.forget(name);
            return;
        }
        if (!client.listCollections(name).isEmpty()) {
            pendingDatabases.put(
                    name,
                    "database "
                            + name
                            + " is dropped at the source, and kept while it has collections");
            return;
        }
        client.dropDatabase(name);
        knownDatabases.remove(name);
        databaseProperties.forget(name);
        applied.add("dropped database " + name);
    }

    private void collections(Set<Long> work, long readTs, AppliedChanges applied) {
        List<SourceCollection> live = source.collections();
        live.forEach(c -> sourceCreateTs.add(c.createTs()));
        List<SourceCollection> todo = new ArrayList<>();
        pending.begin(work);
        for (long id : work) {
            Optional<SourceCollection> collection = source.collection(id);
            collection.ifPresent(c -> sourceCreateTs.add(c.createTs()));
            if (collection.isPresent() && collection.get().state() == ObjectState.CREATED) {
                todo.add(collection.get());
            } else {
                forgetIfGone(id, collection, applied);
            }
        }
        todo.sort(Comparator.comparingLong(SourceCollection::createTs));
        SourceAliases aliases = new SourceAliases(live);
        for (SourceCollection collection : todo) {
            attempt(collection, () -> dropStaleAliases(collection, aliases, applied));
        }
        new Renames(client, directory, source, applied).run(live, pending);
        for (SourceCollection collection : todo) {
            attempt(collection, () -> align(collection, readTs, applied));
        }
    }

    /** Ticks go to a copy's channels until it's dropped. */
    private void forgetIfGone(
            long id, Optional<SourceCollection> collection, AppliedChanges applied) {
        Copy copy = copies.get(id);
        Optional<SourceCollection> last =
                collection.or(() -> Optional.ofNullable(copy).map(Copy::of));
        Optional<TargetCollection> there =
                last.flatMap(c -> directory.findByCreateTs(c.createTs()));
        if (there.isPresent() && source.isDropped(id)) {
            attemptDrop(last.get(), applied);
            there = directory.findByCreateTs(last.get().createTs());
        }
        if (there.isPresent()) {
            copies.put(id, new Copy(there.get().id(), last.get(), there.get().pchannels()));
        } else if (copy != null) {
            copies.remove(id);
            aligner.forget(copy.id());
        }
    }

    private void attemptDrop(SourceCollection dropped, AppliedChanges applied) {
        try {
            dropAgain(dropped, applied);
        } catch (TargetException e) {
            if (e.kind() == Kind.FATAL || e.unanswered()) {
                throw e;
            }
            pending.failed(dropped, e.getMessage());
        }
    }

    /** Its drop was committed, and may have been done, while its copy was being made. */
    private void dropAgain(SourceCollection dropped, AppliedChanges applied) {
        if (drops.dropCollection(
                dropped.createTs(), dropped.dbName(), dropped.name(), dropped.createTs())) {
            applied.add(
                    dropped,
                    "dropped collection "
                            + dropped.dbName()
                            + "."
                            + dropped.name()
                            + ", which was made while it was being dropped");
        }
        directory.refresh();
    }

    private void dropStaleAliases(
            SourceCollection collection, SourceAliases aliases, AppliedChanges applied) {
        Optional<TargetCollection> copy = directory.findByCreateTs(collection.createTs());
        if (copy.isEmpty()) {
            return;
        }
        for (String alias : client.aliases(copy.get())) {
            // one that another collection has by now is moved over in one step, without a gap
            if (!aliases.exists(copy.get().db(), alias)) {
                client.dropAlias(copy.get().db(), alias);
                applied.add(collection, "dropped alias " + alias + " of " + copy.get().fullName());
            }
        }
    }

    private void align(SourceCollection collection, long readTs, AppliedChanges applied) {
        Optional<TargetCollection> copy = copyOf(collection, readTs, applied);
        if (copy.isEmpty()) {
            return;
        }
        copies.put(collection.id(), new Copy(copy.get().id(), collection, copy.get().pchannels()));
        Leftovers left = aligner.align(collection, copy.get(), readTs, this::isOurs, applied);
        if (left.hasFailures() && left.hasWaits()) {
            pending.failedAndWaits(collection, left.text());
        } else if (left.hasFailures()) {
            pending.failed(collection, left.text());
        } else if (left.isOnlyTurn()) {
            TargetCollection waiting = copy.get();
            pending.waitsForTurn(collection, left.text(), () -> turns.claim(waiting));
        } else if (!left.isEmpty()) {
            pending.waits(collection, left.text());
        }
    }

    private boolean isOurs(long createTs) {
        return sourceCreateTs.contains(createTs) || directory.isAdopted(createTs);
    }

    private Optional<TargetCollection> copyOf(
            SourceCollection collection, long readTs, AppliedChanges applied) {
        Resolution resolution;
        try {
            resolution = directory.resolve(collection, sourceCreateTs::contains);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (resolution instanceof Resolution.Routed routed) {
            return Optional.of(routed.target());
        }
        if (resolution instanceof Resolution.Adopt adopt) {
            applied.add(collection, "took over collection " + adopt.target().fullName());
            return Optional.of(adopt.target());
        }
        if (resolution instanceof Resolution.Blocked blocked) {
            pending.waits(collection, blocked.reason());
            return Optional.empty();
        }
        if (collection.createTs() > readTs) {
            pending.waits(collection, "waits until everything before its creation is read");
            return Optional.empty();
        }
        return create(collection, applied);
    }

    private Optional<TargetCollection> create(SourceCollection collection, AppliedChanges applied) {
        // also one that isn't replicated as such, only some of its collections
        if (!databasesMade.contains(collection.dbName())
                && client.ensureDatabase(collection.dbName())) {
            applied.add(collection, "created database " + collection.dbName());
        }
        // the pass began a while ago
        if (source.isDropped(collection.id())) {
            return Optional.empty();
        }
        boolean isNew = directory.create(collection);
        if (source.isDropped(collection.id())) {
            dropAgain(collection, applied);
            return Optional.empty();
        }
        Optional<TargetCollection> made = directory.findByCreateTs(collection.createTs());
        if (made.isEmpty()) {
            pending.waits(collection, "another collection has its name");
            return made;
        }
        if (isNew) {
            applied.add(
                    collection,
                    "created collection "
                            + made.get().fullName()
                            + " with "
                            + made.get().shards()
                            + " shards");
        }
        return made;
    }

    /**
     * Does one collection's part, unless it's dropped by now; an error of it is left, one of the
     * whole target isn't.
     */
    private void attempt(SourceCollection collection, Runnable part) {
        if (source.isDropped(collection.id())) {
            // by its name another one may be found; whoever drops it has it looked at again
            return;
        }
        try {
            part.run();
        } catch (TargetException e) {
            if (e.kind() == Kind.FATAL || e.unanswered()) {
                throw e;
            }
            pending.failed(collection, e.getMessage());
        }
    }
}

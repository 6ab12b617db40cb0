// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the copy of a source collection on the target: by its create ts, or that of what was taken
 * over for it, over all databases, and only then by its name. The listing is cached; a miss reads
 * it again, at most every 100 ms. Thread-safe. Calls fail with a {@link TargetException}.
 */
public final class TargetDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(TargetDirectory.class);
    private static final Duration MIN_REFRESH = Duration.ofMillis(100);

    /**
     * How long an unknown collection must have had the name before it's adopted: longer than the
     * catalogue needs to learn of a collection that another part of the job has just copied.
     */
    private static final Duration ADOPT_AFTER = Duration.ofSeconds(2);

    private static final int MOST_RENAMES = 5;

    private final TargetClient client;
    private final Adoptions adoptions;
    private final LongSupplier nanoClock;

    private Map<Long, TargetListing> byCreateTs = new HashMap<>();
    private Map<Name, TargetListing> byName = new HashMap<>();
    private final Map<Long, TargetCollection> described = new HashMap<>();
    private final Map<Long, Long> strangersSince = new HashMap<>();
    private long refreshedAt;
    private boolean refreshed;
    private long refreshes;

    private record Name(String db, String collection) {}

    /** What the target has for a source collection. */
    public sealed interface Resolution {

        /** Its copy, made by replication or taken over before, under whatever name. */
        record Routed(TargetCollection target) implements Resolution {}

        /** A collection of its name and schema that somebody put there: taken as its copy. */
        record Adopt(TargetCollection target) implements Resolution {}

        /** Nothing, and the name is free: create it. */
        record Missing() implements Resolution {}

        /** Nothing yet, and the name is taken for now: wait, and resolve again. */
        record Blocked(String reason) implements Resolution {}

        /** Nothing, and it's dropped at the source: its messages are of no use any more. */
        record Gone() implements Resolution {}
    }

    /** Tells the create timestamps of the source's own collections from all others. */
    @FunctionalInterface
    public interface SourceCreateTs {
        boolean isSource(long createTs) throws IOException;
    }

    /**
     * Of one target.
     *
     * @param adoptions what was taken over; gets what this one takes over
     */
    public TargetDirectory(TargetClient client, Adoptions adoptions) {
        this(client, adoptions, System::nanoTime);
    }

    TargetDirectory(TargetClient client, Adoptions adoptions, LongSupplier nanoClock) {
        this.client = client;
        this.adoptions = adoptions;
        this.nanoClock = nanoClock;
    }

    /**
     * What the target has for a source collection.
     *
     * @param sources whether a create ts is that of a collection that the source has, or is known
     *     to have had; must see whatever the source wrote before the call
     * @throws IOException if {@code sources} does
     * @throws FatalTargetException when a user's collection has the name and another schema
     */
    public synchronized Resolution resolve(SourceCollection source, SourceCreateTs sources)
            throws IOException {
        long before = refreshes;
        Resolution seen = look(source, sources);
        if (seen instanceof Resolution.Missing && refreshes == before) {
            // it may have been made since the listing was read, and if the source has renamed it
            // meanwhile a second request would make a second copy
            refresh();
            return look(source, sources);
        }
        return seen;
    }

    private Resolution look(SourceCollection source, SourceCreateTs sources) throws IOException {
        Optional<TargetCollection> copy = findByCreateTs(source.createTs());
        if (copy.isPresent()) {
            return new Resolution.Routed(copy.get());
        }
        if (source.state() == ObjectState.DROPPED) {
            return new Resolution.Gone();
        }
        Optional<TargetListing> holder = byName(source.dbName(), source.name());
        return holder.isPresent() ? taken(source, holder.get(), sources) : free(source);
    }

    private Resolution free(SourceCollection source) {
        // only describing tells an alias from nothing
        return client.describe(source.dbName(), source.name())
                .<Resolution>map(
                        c ->
                                new Resolution.Blocked(
                                        "its name is an alias of " + c.fullName() + " there"))
                .orElseGet(Resolution.Missing::new);
    }

    private Resolution taken(SourceCollection source, TargetListing holder, SourceCreateTs sources)
            throws IOException {
        if (sources.isSource(holder.createdTs()) || adoptions.has(holder.createdTs())) {
            return new Resolution.Blocked(
                    "the copy of another source collection still has its name");
        }
        if (holder.createdTs() < source.createTs()) {
            return new Resolution.Blocked(
                    "an older collection has its name; if that isn't the copy of one that's dropped"
                            + " at the source, drop or rename "
                            + holder.fullName()
                            + " on the target");
        }
        long now = nanoClock.getAsLong();
        long since = strangersSince.computeIfAbsent(holder.createdTs(), ts -> now);
        if (now - since < ADOPT_AFTER.toNanos()) {
            return new Resolution.Blocked("a collection that isn't known yet has its name");
        }
        Optional<TargetCollection> stranger = describe(holder);
        if (stranger.isEmpty()) {
            return new Resolution.Blocked("the collection that had its name is just gone");
        }
        SchemaComparison.difference(source, stranger.get())
                .ifPresent(
                        difference -> {
                            throw TargetCheck.misfit(holder.fullName(), difference);
                        });
        adoptions.note(source.createTs(), holder.createdTs());
        return new Resolution.Adopt(stranger.get());
    }

    /**
     * Makes the copy of a source collection. Another part of the job may make it at the same time:
     * Milvus takes the second request as done, but not when a field has a default value, which it
     * never finds equal to another one. Where the source has renamed it in between, that makes a
     * second copy: all parts take the one that Milvus made first, and who made the other one drops
     * it before anybody has used it.
     *
     * @return false when it was there before
     */
    public boolean create(SourceCollection copy) {
        try {
            client.createCollection(copy);
        } catch (TargetException e) {
            if (e.kind() == TargetException.Kind.FATAL || e.unanswered()) {
                throw e;
            }
            invalidate();
            if (findByCreateTs(copy.createTs()).isEmpty()) {
                throw e;
            }
            return false;
        }
        return !dropSecond(copy);
    }

    /** Returns whether what was just made is the second one, which is gone then. */
    private synchronized boolean dropSecond(SourceCollection copy) {
        boolean dropped =
                client.lookAndAsk(
                        () -> second(copy),
                        made -> client.dropCollection(made.db(), made.name(), copy.createTs()));
        if (dropped) {
            refresh();
        }
        return dropped;
    }

    private Optional<TargetListing> second(SourceCollection copy) {
        refresh();
        TargetListing first = byCreateTs.get(copy.createTs());
        TargetListing made = byName.get(new Name(copy.dbName(), copy.name()));
        if (first == null
                || made == null
                || made.id() == first.id()
                || made.createdTs() != first.createdTs()) {
            return Optional.empty();
        }
        LOG.info(
                "Another part of the job has just made {} for the same source collection: {} isn't needed, it is dropped",
                first.fullName(),
                made.fullName());
        return Optional.of(made);
    }

    /** Notes what an earlier run has taken over; both are create timestamps. */
    public void remember(long source, long copy) {
        adoptions.note(source, copy);
    }

    /**
     * The copy of the source collection with this create ts, under whatever name: what was taken
     * over for it, or else what has that create ts itself; the oldest, were there more.
     */
    public synchronized Optional<TargetCollection> findByCreateTs(long createTs) {
        for (boolean fresh = false; ; fresh = true) {
            Optional<TargetCollection> found = listed(createTs).flatMap(this::describe);
            if (found.isPresent()) {
                return found;
            }
            if (fresh || !refreshIfAllowed()) {
                return Optional.empty();
            }
        }
    }

    /**
     * The partitions of a collection by name, whatever it is called by now: Milvus shows partitions
     * by the collection's name only, which a rename may have given to another one.
     *
     * @param collectionId the target's own
     * @return none when the target doesn't have it any more
     */
    public synchronized Map<String, TargetPartition> partitions(long collectionId) {
        for (int attempt = 0; attempt < MOST_RENAMES; attempt++) {
            Optional<TargetListing> listing = byId(collectionId);
            if (listing.isPresent()) {
                String db = listing.get().db();
                String name = listing.get().name();
                Map<String, TargetPartition> partitions = client.partitions(db, name);
                boolean stillItsName =
                        client.describe(db, name).filter(c -> c.id() == collectionId).isPresent();
                if (stillItsName) {
                    return partitions;
                }
            } else if (attempt > 0) {
                return Map.of();
            }
            refresh();
        }
        throw TargetException.retry(
                "The target's collection with id "
                        + collectionId
                        + " is renamed again and again while its partitions are asked for");
    }

    private Optional<TargetListing> byId(long collectionId) {
        return byCreateTs.values().stream().filter(l -> l.id() == collectionId).findFirst();
    }

    /** What the listing shows under a name; an alias isn't one. */
    synchronized Optional<TargetListing> byName(String db, String name) {
        return Optional.ofNullable(byName.get(new Name(db, name)));
    }

    /** What the listing shows for the create ts of a source collection. */
    synchronized Optional<TargetListing> listed(long createTs) {
        return Optional.ofNullable(byCreateTs.get(adoptions.copyOf(createTs)))
                .or(() -> Optional.ofNullable(byCreateTs.get(createTs)));
    }

    /** Whether what has this create ts was taken over for a source collection. */
    boolean isAdopted(long createTs) {
        return adoptions.has(createTs);
    }

    /** Reads the listing now, so that {@link #listed} and {@link #byName} are up to date. */
    synchronized void refresh() {
        invalidate();
        refreshIfAllowed();
    }

    /** Forgets everything, so that the next question asks the target. */
    public synchronized void invalidate() {
        byCreateTs = new HashMap<>();
        byName = new HashMap<>();
        described.clear();
        refreshed = false;
    }

    private Optional<TargetCollection> describe(TargetListing listing) {
        TargetCollection known = described.get(listing.createdTs());
        if (known != null) {
            return Optional.of(known);
        }
        Optional<TargetCollection> found =
                client.describe(listing.db(), listing.name())
                        // between the listing and now the name may have changed hands
                        .filter(c -> c.createdTs() == listing.createdTs());
        found.ifPresent(c -> described.put(listing.createdTs(), c));
        return found;
    }

    private boolean refreshIfAllowed() {
        long now = nanoClock.getAsLong();
        if (refreshed && now - refreshedAt < MIN_REFRESH.toNanos()) {
            return false;
        }
        Map<Long, TargetListing> ts = new HashMap<>();
        Map<Name, TargetListing> names = new HashMap<>();
        for (String db : client.listDatabases()) {
            for (TargetListing listing : client.listCollections(db)) {
                // ids grow in the order in which Milvus makes collections
                ts.merge(listing.createdTs(), listing, (a, b) -> a.id() < b.id() ? a : b);
                names.put(new Name(db, listing.name()), listing);
            }
        }
        byCreateTs = ts;
        byName = names;
        described.clear();
        strangersSince.keySet().retainAll(ts.keySet());
        refreshed = true;
        refreshes++;
        refreshedAt = now;
        return true;
    }
}

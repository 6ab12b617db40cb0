package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.Resolution.Adopt;
import io.milvuscdc.connectors.target.Resolution.Blocked;
import io.milvuscdc.connectors.target.Resolution.Gone;
import io.milvuscdc.connectors.target.Resolution.Missing;
import io.milvuscdc.connectors.target.Resolution.Routed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Finds the copy of a source collection on the target: by its create ts, over all databases, and
 * only then by its name. The listing is cached; a miss reads it again, at most every 100 ms.
 * Thread-safe. Calls fail with a {@link TargetException}.
 */
public final class TargetDirectory {

    private static final Duration MIN_REFRESH = Duration.ofMillis(100);

    /**
     * How long an unknown collection must have had the name before it's adopted: longer than the
     * catalogue needs to learn of a collection that another part of the job has just copied.
     */
    private static final Duration ADOPT_AFTER = Duration.ofSeconds(2);

    private final TargetClient client;
    private final LongPredicate knownCreateTs;
    private final LongSupplier nanoClock;

    private Map<Long, TargetListing> byCreateTs = Map.of();
    private Map<Name, TargetListing> byName = Map.of();
    private final Map<Long, TargetCollection> described = new HashMap<>();
    private final Map<Long, Long> strangersSince = new HashMap<>();
    private long refreshedAt;
    private boolean refreshed;

    private record Name(String db, String collection) {}

    /**
     * @param knownCreateTs whether a create ts is that of a collection which the source has or is
     *     known to have had; tells our own copies from a user's collections
     */
    public TargetDirectory(TargetClient client, LongPredicate knownCreateTs) {
        this(client, knownCreateTs, System::nanoTime);
    }

    TargetDirectory(TargetClient client, LongPredicate knownCreateTs, LongSupplier nanoClock) {
        this.client = client;
        this.knownCreateTs = knownCreateTs;
        this.nanoClock = nanoClock;
    }

    /**
     * What the target has for a source collection.
     *
     * @throws FatalTargetException when a user's collection has the name and another schema
     */
    public synchronized Resolution resolve(SourceCollection source) {
        Optional<TargetCollection> copy = byCreateTs(source.createTs());
        if (copy.isPresent()) {
            return new Routed(copy.get());
        }
        if (source.state() == ObjectState.DROPPED) {
            return new Gone();
        }
        Optional<TargetListing> holder = byName(source.dbName(), source.name());
        return holder.isPresent() ? taken(source, holder.get()) : free(source);
    }

    private Resolution free(SourceCollection source) {
        // only describing tells an alias from nothing
        return client.describe(source.dbName(), source.name())
                .<Resolution>map(
                        c -> new Blocked("its name is an alias of " + c.fullName() + " there"))
                .orElseGet(Missing::new);
    }

    private Resolution taken(SourceCollection source, TargetListing holder) {
        if (knownCreateTs.test(holder.createdTs())) {
            return new Blocked("the copy of another source collection still has its name");
        }
        if (holder.createdTs() < source.createTs()) {
            return new Blocked(
                    "an older collection has its name; if that isn't the copy of one that's dropped"
                            + " at the source, drop or rename "
                            + holder.fullName()
                            + " on the target");
        }
        long now = nanoClock.getAsLong();
        long since = strangersSince.computeIfAbsent(holder.createdTs(), ts -> now);
        if (now - since < ADOPT_AFTER.toNanos()) {
            return new Blocked("a collection that isn't known yet has its name");
        }
        Optional<TargetCollection> stranger = describe(holder);
        if (stranger.isEmpty()) {
            return new Blocked("the collection that had its name is just gone");
        }
        SchemaComparison.difference(source, stranger.get())
                .ifPresent(
                        difference -> {
                            throw new FatalTargetException(
                                    "The target already has a collection "
                                            + holder.fullName()
                                            + " that rows of the source's don't fit in: "
                                            + difference
                                            + "; drop or rename it, or leave it out of the task");
                        });
        return new Adopt(stranger.get());
    }

    /** The collection with this create ts, under whatever name. */
    public synchronized Optional<TargetCollection> byCreateTs(long createTs) {
        for (boolean fresh = false; ; fresh = true) {
            TargetListing listing = byCreateTs.get(createTs);
            if (listing != null) {
                Optional<TargetCollection> found = describe(listing);
                if (found.isPresent()) {
                    return found;
                }
            }
            if (fresh || !refreshIfAllowed()) {
                return Optional.empty();
            }
        }
    }

    /** What the listing shows under a name; an alias isn't one. */
    synchronized Optional<TargetListing> byName(String db, String name) {
        return Optional.ofNullable(byName.get(new Name(db, name)));
    }

    /** Forgets everything, so that the next question asks the target. */
    public synchronized void invalidate() {
        byCreateTs = Map.of();
        byName = Map.of();
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
                ts.put(listing.createdTs(), listing);
                names.put(new Name(db, listing.name()), listing);
            }
        }
        byCreateTs = ts;
        byName = names;
        described.clear();
        strangersSince.keySet().retainAll(ts.keySet());
        refreshed = true;
        refreshedAt = now;
        return true;
    }
}

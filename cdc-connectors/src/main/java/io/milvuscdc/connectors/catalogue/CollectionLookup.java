// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.milvuscdc.connectors.catalogue.CollectionParser.Head;
import io.milvuscdc.connectors.catalogue.MetaKeys.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds single collections of the source as etcd holds them at the time of the call, also dropped
 * ones, for the sake of their rows that are still in the message queue. Used by one thread.
 */
public final class CollectionLookup implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(10);

    /** What belongs to a collection and is kept as snapshots. */
    private static final List<Kind> PARTS = List.of(Kind.FIELD, Kind.PARTITION, Kind.FUNCTION);

    private final MetaKeys keys;
    private final EtcdConnection connection;
    private final CollectionPoll poll;

    /** Connects with the first call. */
    public CollectionLookup(EtcdConfig config) {
        this.keys = new MetaKeys(config.metaRoot());
        this.connection = new EtcdConnection(config);
        this.poll = new CollectionPoll(connection, keys);
    }

    /**
     * Finds a collection by its id. When Milvus has already removed what it knew of a dropped one,
     * its last snapshot (Milvus 2.3 to 2.6.14 keep some for a while) is returned as dropped.
     *
     * @return without aliases, indexes and load; the database's name is empty when that is gone
     *     without a trace
     * @throws IOException in words for the user: etcd doesn't answer a read within 10 s, or holds a
     *     value that Milvus wouldn't write
     */
    public Optional<SourceCollection> find(long collectionId) throws IOException {
        try {
            Optional<SourceCollection> plain = findPlain(collectionId);
            if (plain.isPresent() && !isBeingRemoved(plain.get())) {
                return plain;
            }
            Optional<SourceCollection> snapshot = findSnapshot(collectionId);
            return snapshot.isPresent() ? snapshot : plain;
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Milvus removes the fields and partitions first, in transactions of their own. */
    private static boolean isBeingRemoved(SourceCollection collection) {
        return collection.state() == ObjectState.DROPPED
                && collection.schema().getFieldsCount() == 0;
    }

    /**
     * Whether there is a collection, created or being created, with this create tso.
     *
     * @throws IOException as {@link #find} does
     */
    public boolean isLiveCreateTs(long createTs) throws IOException {
        poll.refresh();
        return poll.heads().stream()
                .anyMatch(
                        head -> head.createTs() == createTs && head.state() != ObjectState.DROPPED);
    }

    /**
     * The ids of all collections that are created or being created.
     *
     * @throws IOException as {@link #find} does
     */
    public Set<Long> liveIds() throws IOException {
        poll.refresh();
        return poll.heads().stream()
                .filter(head -> head.state() != ObjectState.DROPPED)
                .map(Head::id)
                .collect(Collectors.toSet());
    }

    /**
     * The partitions of a collection that etcd has, also dropped ones: Milvus keeps them for hours.
     *
     * @return none when the collection itself is dropped
     * @throws IOException as {@link #find} does
     */
    public List<SourcePartition> partitions(long collectionId) throws IOException {
        poll.refresh();
        if (poll.heads().stream()
                .noneMatch(h -> h.id() == collectionId && h.state() != ObjectState.DROPPED)) {
            return List.of();
        }
        try {
            return new CollectionParser(
                            keys,
                            connection
                                    .list(
                                            List.of(keys.prefix(Kind.PARTITION, collectionId)),
                                            0,
                                            BOUND)
                                    .live())
                    .storedPartitions(collectionId);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * A database that exists, by its name; the default one always does.
     *
     * @throws IOException as {@link #find} does
     */
    public Optional<SourceDatabase> database(String name) throws IOException {
        try {
            NavigableMap<String, EtcdValue> databases =
                    connection.list(List.of(keys.prefix(Kind.DATABASE)), 0, BOUND).live();
            return new CatalogueIndex(keys, databases)
                    .databases().stream().filter(d -> d.name().equals(name)).findFirst();
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * What a collection was called when it was made, or as soon after that as etcd's snapshots
     * still tell.
     *
     * @return empty when there are none (Milvus 2.6.15 and later writes none)
     * @throws IOException as {@link #find} does
     */
    public Optional<EarlyName> earliestName(long collectionId) throws IOException {
        poll.refresh();
        Set<String> here = new LinkedHashSet<>();
        poll.keysOf(collectionId).forEach(key -> here.add(keys.snapshotsOf(key) + "_ts"));
        try {
            Optional<EarlyName> name = earliestName(here, collectionId);
            if (name.isPresent() && name.get().atCreation()) {
                return name;
            }
            // it may have been made in another database
            return earliestName(snapshotKeysOf(collectionId), collectionId);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Optional<EarlyName> earliestName(Set<String> versionPrefixes, long id)
            throws IOException {
        if (versionPrefixes.isEmpty()) {
            return Optional.empty();
        }
        NavigableMap<String, EtcdValue> versions =
                connection.list(List.copyOf(versionPrefixes), 0, BOUND).live();
        Optional<String> oldest =
                versions.keySet().stream().min(Comparator.comparingLong(MetaKeys::snapshotTs));
        if (oldest.isEmpty()) {
            return Optional.empty();
        }
        List<String> databases =
                List.of(keys.prefix(Kind.DATABASE), keys.snapshotsOf(keys.prefix(Kind.DATABASE)));
        NavigableMap<String, EtcdValue> meta = new TreeMap<>();
        NavigableMap<String, EtcdValue> snapshots = new TreeMap<>();
        connection
                .list(databases, 0, BOUND)
                .live()
                .forEach(
                        (key, value) ->
                                (keys.plainKeyOf(key).isPresent() ? snapshots : meta)
                                        .put(key, value));
        newest(snapshots).forEach(meta::putIfAbsent);
        meta.put(keys.plainKeyOf(oldest.get()).orElseThrow(), versions.get(oldest.get()));
        return parse(meta, id)
                .map(
                        then ->
                                new EarlyName(
                                        then.dbName(),
                                        then.name(),
                                        MetaKeys.snapshotTs(oldest.get()) <= then.createTs()));
    }

    private Optional<SourceCollection> findPlain(long id) throws IOException {
        poll.refresh();
        List<String> wanted = new ArrayList<>(poll.keysOf(id));
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        wanted.add(keys.prefix(Kind.DATABASE));
        PARTS.forEach(kind -> wanted.add(keys.prefix(kind, id)));
        return parse(connection.list(wanted, 0, BOUND).live(), id);
    }

    private Optional<SourceCollection> findSnapshot(long id) throws IOException {
        Set<String> wanted = snapshotKeysOf(id);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        wanted.add(keys.snapshotsOf(keys.prefix(Kind.DATABASE)));
        PARTS.forEach(kind -> wanted.add(keys.snapshotsOf(keys.prefix(kind, id))));
        NavigableMap<String, EtcdValue> versions =
                connection.list(List.copyOf(wanted), 0, BOUND).live();
        return parse(newest(versions), id).map(SourceCollection::asDropped);
    }

    /** The prefixes of the versions of a collection's own value, in whatever database it was. */
    private Set<String> snapshotKeysOf(long id) throws IOException {
        Set<String> prefixes = new LinkedHashSet<>();
        for (String plainPrefix : keys.collectionPrefixes()) {
            for (String key : connection.keys(keys.snapshotsOf(plainPrefix), BOUND)) {
                keys.plainKeyOf(key)
                        .filter(plain -> isCollection(plain, id))
                        .ifPresent(plain -> prefixes.add(keys.snapshotsOf(plain) + "_ts"));
            }
        }
        return prefixes;
    }

    private boolean isCollection(String plainKey, long id) {
        return keys.parse(plainKey).stream().anyMatch(key -> key.collectionId().orElse(-1) == id);
    }

    /** The newest versions by plain key. */
    private NavigableMap<String, EtcdValue> newest(NavigableMap<String, EtcdValue> versions) {
        NavigableMap<String, EtcdValue> newest = new TreeMap<>();
        Map<String, Long> ts = new HashMap<>();
        versions.forEach(
                (key, value) -> {
                    String plain = keys.plainKeyOf(key).orElseThrow();
                    if (MetaKeys.snapshotTs(key) >= ts.getOrDefault(plain, 0L)) {
                        ts.put(plain, MetaKeys.snapshotTs(key));
                        newest.put(plain, value);
                    }
                });
        return newest;
    }

    private Optional<SourceCollection> parse(NavigableMap<String, EtcdValue> meta, long id) {
        return new CatalogueIndex(keys, meta).collection(id);
    }

    @Override
    public void close() {
        connection.close();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.milvuscdc.connectors.catalogue.CollectionParser.Alias;
import io.milvuscdc.connectors.catalogue.MetaKeys.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Databases and collections over a map of plain keys that changes. A collection is parsed when it
 * is asked for and then kept until one of its keys changes. Not thread-safe. {@link #absorb} may be
 * repeated after it has failed.
 */
final class CatalogueIndex {

    private static final SourceDatabase BARE_DEFAULT =
            new SourceDatabase(
                    MetaKeys.DEFAULT_DATABASE,
                    MetaKeys.DEFAULT_DATABASE_NAME,
                    0,
                    ObjectState.CREATED,
                    List.of());

    private final MetaKeys keys;
    private final NavigableMap<String, EtcdValue> meta;
    private final CollectionParser parser;

    /** More than one key for a short while, when a collection moves between databases. */
    private final NavigableMap<Long, Set<String>> collectionKeys = new TreeMap<>();

    private final Map<Long, SourceDatabase> databases = new TreeMap<>();

    /** Also of databases that are gone: dropped collections outlive them as garbage. */
    private final Map<Long, String> databaseNames = new HashMap<>();

    private final Map<String, Alias> aliases = new HashMap<>();
    private final Map<Long, SourceCollection> parsed = new HashMap<>();
    private Set<Long> changed = new TreeSet<>();

    /**
     * @param meta plain keys without tombstones, of which {@link #absorb} tells the changes
     */
    CatalogueIndex(MetaKeys keys, NavigableMap<String, EtcdValue> meta) {
        this.keys = keys;
        this.meta = meta;
        this.parser = new CollectionParser(keys, meta);
        setDatabase(BARE_DEFAULT);
        absorb(meta.keySet());
    }

    /** Takes note of what was put, changed or removed. */
    void absorb(Set<String> changedKeys) {
        for (String name : changedKeys) {
            keys.parse(name).ifPresent(key -> absorb(name, key, meta.get(name)));
        }
    }

    private void absorb(String name, MetaKeys.Key key, EtcdValue value) {
        if (key.kind() == Kind.DATABASE) {
            absorbDatabase(name, key, value);
        } else if (key.kind().isAlias()) {
            absorbAlias(name, value);
        } else if (key.collectionId().isPresent()) {
            long id = key.collectionId().getAsLong();
            if (key.kind().isCollection()) {
                absorbCollection(name, id, value);
            }
            markChanged(id);
        }
    }

    private void absorbDatabase(String name, MetaKeys.Key key, EtcdValue value) {
        if (key.databaseId().isEmpty()) {
            return;
        }
        long id = key.databaseId().getAsLong();
        if (value != null) {
            setDatabase(CollectionParser.database(name, value));
        } else if (id == MetaKeys.DEFAULT_DATABASE) {
            setDatabase(BARE_DEFAULT);
        } else {
            databases.remove(id);
        }
        collectionKeys.forEach(
                (collectionId, names) -> {
                    if (names.stream().anyMatch(k -> databaseOf(k) == id)) {
                        markChanged(collectionId);
                    }
                });
    }

    private void setDatabase(SourceDatabase database) {
        databases.put(database.id(), database);
        databaseNames.put(database.id(), database.name());
    }

    private void absorbAlias(String name, EtcdValue value) {
        Optional<Alias> now =
                value == null ? Optional.empty() : CollectionParser.alias(name, value);
        Alias before = now.isPresent() ? aliases.put(name, now.get()) : aliases.remove(name);
        if (before != null) {
            markChanged(before.collectionId());
        }
        now.ifPresent(alias -> markChanged(alias.collectionId()));
    }

    private void absorbCollection(String name, long id, EtcdValue value) {
        if (value != null) {
            collectionKeys.computeIfAbsent(id, k -> new TreeSet<>()).add(name);
            return;
        }
        Set<String> names = collectionKeys.getOrDefault(id, Set.of());
        if (names.size() > 1) {
            names.remove(name);
        } else if (names.contains(name)) {
            collectionKeys.remove(id);
        }
    }

    private void markChanged(long collectionId) {
        parsed.remove(collectionId);
        changed.add(collectionId);
    }

    /** The databases that exist, by id; the default one always does. */
    List<SourceDatabase> databases() {
        return databases.values().stream()
                .filter(database -> database.state() == ObjectState.CREATED)
                .toList();
    }

    /** The collections that exist, by id. */
    List<SourceCollection> collections() {
        List<SourceCollection> live = new ArrayList<>();
        for (long id : collectionKeys.keySet()) {
            SourceCollection collection = parsed(id);
            // without a database it has no name either; its database's key will come
            if (collection.state() == ObjectState.CREATED && !collection.dbName().isEmpty()) {
                live.add(collection);
            }
        }
        return List.copyOf(live);
    }

    /** A collection in whatever state. */
    Optional<SourceCollection> collection(long id) {
        return collectionKeys.containsKey(id) ? Optional.of(parsed(id)) : Optional.empty();
    }

    /** The ids of the collections that changed since the last call; at first, all. */
    Set<Long> drainChanged() {
        Set<Long> drained = changed;
        changed = new TreeSet<>();
        return drained;
    }

    private SourceCollection parsed(long id) {
        return parsed.computeIfAbsent(
                id,
                absent -> {
                    String key =
                            collectionKeys.get(id).stream()
                                    .max(Comparator.comparingLong(k -> meta.get(k).modRevision()))
                                    .orElseThrow();
                    return parser.collection(
                            key,
                            databaseNames.getOrDefault(databaseOf(key), ""),
                            aliases.values().stream()
                                    .filter(alias -> alias.collectionId() == id)
                                    .map(Alias::name)
                                    .toList());
                });
    }

    private long databaseOf(String collectionKey) {
        return keys.parse(collectionKey).orElseThrow().databaseId().orElse(-1);
    }
}

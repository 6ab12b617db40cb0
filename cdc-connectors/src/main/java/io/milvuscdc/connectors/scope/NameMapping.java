// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.scope;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a source's databases and collections are called at the target. A name that no entry means
 * stays as it is. Of several entries of a database, one that names the collection wins over one for
 * the whole database.
 */
public record NameMapping(List<Entry> entries) implements Serializable {

    /** Every name stays as it is. */
    public static final NameMapping NONE = new NameMapping(List.of());

    /**
     * One database's mapping.
     *
     * @param collections target name by source name; empty: the whole database moves and its
     *     collections keep their names
     */
    public record Entry(
            String sourceDatabase, String targetDatabase, Map<String, String> collections)
            implements Serializable {

        public Entry {
            collections = new TreeMap<>(collections);
        }
    }

    /** A collection at the target. */
    public record Name(String database, String collection) {}

    public NameMapping {
        entries = List.copyOf(entries);
    }

    /** What the source's collection is called at the target. */
    public Name collection(String database, String collection) {
        for (Entry entry : entries) {
            String mapped = entry.collections().get(collection);
            if (mapped != null && entry.sourceDatabase().equals(database)) {
                return new Name(entry.targetDatabase(), mapped);
            }
        }
        return new Name(database(database), collection);
    }

    /** What the source's database, as a whole, is called at the target. */
    public String database(String database) {
        for (Entry entry : entries) {
            if (entry.collections().isEmpty() && entry.sourceDatabase().equals(database)) {
                return entry.targetDatabase();
            }
        }
        return database;
    }
}

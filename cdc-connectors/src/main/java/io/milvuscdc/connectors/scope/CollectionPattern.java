// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.scope;

import java.io.Serializable;

/**
 * A collection, or all of a database, or all of every database.
 *
 * @param database a database's name, or {@link #ANY}
 * @param collection a collection's name, or {@link #ANY}
 */
public record CollectionPattern(String database, String collection) implements Serializable {

    /** Stands for every name. */
    public static final String ANY = "*";

    /** Whether the collection of these names at the source is meant. */
    public boolean matches(String databaseName, String collectionName) {
        return matchesDatabase(databaseName)
                && (collection.equals(ANY) || collection.equals(collectionName));
    }

    /** Whether the database can hold a collection that is meant. */
    public boolean matchesDatabase(String databaseName) {
        return database.equals(ANY) || database.equals(databaseName);
    }

    @Override
    public String toString() {
        return database + "." + collection;
    }
}

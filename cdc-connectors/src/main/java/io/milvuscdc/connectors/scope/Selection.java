// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.scope;

import java.io.Serializable;
import java.util.List;

/**
 * Which collections of the source a task replicates, by their names at the source.
 *
 * @param included what any of these means is selected...
 * @param excluded ...unless one of these means it, too
 */
public record Selection(List<CollectionPattern> included, List<CollectionPattern> excluded)
        implements Serializable {

    /** Every collection of every database. */
    public static final Selection EVERYTHING =
            new Selection(
                    List.of(new CollectionPattern(CollectionPattern.ANY, CollectionPattern.ANY)),
                    List.of());

    public Selection {
        included = List.copyOf(included);
        excluded = List.copyOf(excluded);
    }

    /** Whether nothing can be outside of it. */
    public boolean coversEverything() {
        return excluded.isEmpty() && included.containsAll(EVERYTHING.included());
    }

    /** Whether the collection of these names is replicated. */
    public boolean covers(String database, String collection) {
        return included.stream().anyMatch(p -> p.matches(database, collection))
                && excluded.stream().noneMatch(p -> p.matches(database, collection));
    }

    /**
     * Whether the database, made and dropped as such, is replicated: all of it is selected, but
     * perhaps for single collections.
     */
    public boolean coversDatabase(String database) {
        return included.stream().anyMatch(p -> isAllOf(p, database))
                && excluded.stream().noneMatch(p -> isAllOf(p, database));
    }

    private static boolean isAllOf(CollectionPattern pattern, String database) {
        return pattern.matchesDatabase(database)
                && pattern.collection().equals(CollectionPattern.ANY);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.Selection;
import java.util.List;
import java.util.Optional;

/** What patterns and selections have in common. */
final class Patterns {

    private Patterns() {}

    /** Whether everything that {@code narrow} means is also meant by {@code wide}. */
    static boolean covers(CollectionPattern wide, CollectionPattern narrow) {
        return covers(wide.database(), narrow.database())
                && covers(wide.collection(), narrow.collection());
    }

    private static boolean covers(String wide, String narrow) {
        return wide.equals(CollectionPattern.ANY) || wide.equals(narrow);
    }

    /** What both mean, empty when no collection can be meant by both. */
    static Optional<CollectionPattern> common(CollectionPattern a, CollectionPattern b) {
        return common(a.database(), b.database())
                .flatMap(
                        database ->
                                common(a.collection(), b.collection())
                                        .map(name -> new CollectionPattern(database, name)));
    }

    private static Optional<String> common(String a, String b) {
        if (covers(a, b)) {
            return Optional.of(b);
        }
        return covers(b, a) ? Optional.of(a) : Optional.empty();
    }

    /** The patterns of {@code wanted} by which it shares a collection with {@code existing}. */
    static List<CollectionPattern> shared(Selection wanted, Selection existing) {
        return wanted.included().stream()
                .filter(
                        pattern ->
                                existing.included().stream()
                                        .flatMap(other -> common(pattern, other).stream())
                                        .anyMatch(
                                                both ->
                                                        !excludes(wanted, both)
                                                                && !excludes(existing, both)))
                .toList();
    }

    /** Whether nothing that the pattern means is left in the selection. */
    static boolean excludes(Selection selection, CollectionPattern pattern) {
        return selection.excluded().stream().anyMatch(excluded -> covers(excluded, pattern));
    }
}

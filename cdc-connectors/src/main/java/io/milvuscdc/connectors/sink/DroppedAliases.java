// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The aliases that were dropped with their collections, until somebody has looked who is to have
 * them now: another thread may have moved one away a moment before it was dropped. Thread-safe.
 */
final class DroppedAliases {

    private record Alias(String database, String name) {}

    private final Set<Alias> left = new HashSet<>();

    /** Both names as the target has them. */
    synchronized void add(String database, String alias) {
        left.add(new Alias(database, alias));
    }

    synchronized boolean isEmpty() {
        return left.isEmpty();
    }

    /**
     * The ids of those collections that are to have one of them; they are no longer left then.
     *
     * @param live the source's collections under the target's names
     */
    synchronized Set<Long> takeOwners(Collection<SourceCollection> live) {
        Set<Long> owners =
                live.stream()
                        .filter(
                                c ->
                                        c.aliases().stream()
                                                .anyMatch(
                                                        a ->
                                                                left.contains(
                                                                        new Alias(c.dbName(), a))))
                        .map(SourceCollection::id)
                        .collect(Collectors.toSet());
        left.clear();
        return owners;
    }
}

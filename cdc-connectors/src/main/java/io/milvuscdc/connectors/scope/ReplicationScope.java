// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.scope;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What of a source a task replicates, and under which names.
 *
 * @param ignorePartitions partitions are neither made nor dropped at the target
 * @param userRoles users, roles and grants are replicated, too
 */
public record ReplicationScope(
        Selection selection, NameMapping names, boolean ignorePartitions, boolean userRoles)
        implements Serializable {

    /** Everything but users and roles, names as they are. */
    public static final ReplicationScope EVERYTHING =
            new ReplicationScope(Selection.EVERYTHING, NameMapping.NONE, false, false);

    /** A collection of the task as the target is to have it: other names, maybe no partitions. */
    public SourceCollection atTarget(SourceCollection collection) {
        if (names.entries().isEmpty() && !ignorePartitions) {
            return collection;
        }
        NameMapping.Name name = names.collection(collection.dbName(), collection.name());
        SourceCollection called = collection.called(name.database(), name.collection());
        return ignorePartitions ? called.withoutUserPartitions() : called;
    }

    /**
     * Two collections of the task that the mapping would give one name, in words for the user. They
     * would wait for each other for ever, and hold back all ticks.
     */
    public Optional<String> nameClash(Collection<SourceCollection> members) {
        if (names.entries().isEmpty()) {
            return Optional.empty();
        }
        Map<NameMapping.Name, SourceCollection> byName = new HashMap<>();
        for (SourceCollection collection : members) {
            NameMapping.Name name = names.collection(collection.dbName(), collection.name());
            SourceCollection other = byName.put(name, collection);
            if (other != null) {
                return Optional.of(
                        "The collections %s.%s and %s.%s of the source are both called %s.%s at the target by the task's name_mapping; rename one of them at the source, or create the task with another mapping"
                                .formatted(
                                        other.dbName(),
                                        other.name(),
                                        collection.dbName(),
                                        collection.name(),
                                        name.database(),
                                        name.collection()));
            }
        }
        return Optional.empty();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static io.milvuscdc.control.api.ApiException.refuseIf;

import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.control.task.TaskDefinition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The rules for a name mapping. The old tool has the first one only; what breaks the others made it
 * write into the wrong collection, or end.
 */
final class NameMappingValidation {

    private NameMappingValidation() {}

    static void check(TaskDefinition wanted) throws ApiException {
        ReplicationScope scope = wanted.scope();
        for (NameMapping.Entry entry : scope.names().entries()) {
            checkCovered(entry, scope.selection());
        }
        for (NameMapping.Entry entry : scope.names().entries()) {
            checkNames(entry);
        }
        checkSources(scope.names());
        checkTargets(scope);
    }

    private static void checkCovered(NameMapping.Entry entry, Selection selection)
            throws ApiException {
        String database = entry.sourceDatabase();
        boolean covered =
                entry.collections().isEmpty()
                        ? selection.included().stream().anyMatch(p -> p.matchesDatabase(database))
                        : entry.collections().keySet().stream()
                                .allMatch(name -> selection.covers(database, name));
        refuseIf(
                !covered,
                "the collection name in the name mapping is not in the collection info, checkout"
                        + " it");
    }

    private static void checkNames(NameMapping.Entry entry) throws ApiException {
        requireLegal("source_db", entry.sourceDatabase());
        requireLegal("target_db", entry.targetDatabase());
        for (Map.Entry<String, String> mapped : entry.collections().entrySet()) {
            requireLegal("collection_mapping", mapped.getKey());
            requireLegal("collection_mapping", mapped.getValue());
        }
    }

    private static void requireLegal(String field, String name) throws ApiException {
        refuseIf(
                !Names.isLegal(name),
                "the name mapping is invalid, "
                        + field
                        + " has the name '"
                        + name
                        + "': "
                        + Names.RULE);
    }

    private static void checkSources(NameMapping names) throws ApiException {
        Set<CollectionPattern> seen = new HashSet<>();
        for (NameMapping.Entry entry : names.entries()) {
            if (entry.collections().isEmpty()) {
                requireNew(seen, entry.sourceDatabase(), CollectionPattern.ANY);
            }
            for (String name : entry.collections().keySet()) {
                requireNew(seen, entry.sourceDatabase(), name);
            }
        }
    }

    private static void requireNew(Set<CollectionPattern> seen, String database, String name)
            throws ApiException {
        CollectionPattern source = new CollectionPattern(database, name);
        refuseIf(!seen.add(source), "the name mapping is invalid, it maps " + source + " twice");
    }

    /** Two collections that are known by their names must not become one. */
    private static void checkTargets(ReplicationScope scope) throws ApiException {
        Map<NameMapping.Name, CollectionPattern> taken = new HashMap<>();
        for (NameMapping.Entry entry : scope.names().entries()) {
            for (String name : entry.collections().keySet()) {
                take(taken, scope.names(), new CollectionPattern(entry.sourceDatabase(), name));
            }
        }
        for (CollectionPattern pattern : scope.selection().included()) {
            if (!pattern.database().equals(CollectionPattern.ANY)
                    && !pattern.collection().equals(CollectionPattern.ANY)) {
                take(taken, scope.names(), pattern);
            }
        }
    }

    private static void take(
            Map<NameMapping.Name, CollectionPattern> taken,
            NameMapping names,
            CollectionPattern source)
            throws ApiException {
        NameMapping.Name target = names.collection(source.database(), source.collection());
        CollectionPattern other = taken.putIfAbsent(target, source);
        refuseIf(
                other != null && !other.equals(source),
                "the name mapping is invalid, "
                        + other
                        + " and "
                        + source
                        + " would both be "
                        + target.database()
                        + "."
                        + target.collection()
                        + " at the target");
    }
}

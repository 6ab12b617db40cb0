// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.KeyValuePair;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.TargetException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the properties of one copy equal to its original's; indexes and what's loaded are to be
 * compared afterwards ({@link FreedChanges}). Used by one thread.
 */
final class PropertyAligner {

    private static final Logger LOG = LoggerFactory.getLogger(PropertyAligner.class);

    /**
     * Milvus 2.4 and 2.5 (proxy's alterCollectionTask.PreExecute) compare what the request says of
     * it with what the collection has, and take silence for false.
     */
    private static final String ISOLATION = "partitionkey.isolation";

    private final TargetClient client;
    private final FreedChanges changes;

    /** By copy, the properties that stay though the source has removed them. */
    private final Map<Long, Set<String>> unremovable = new HashMap<>();

    PropertyAligner(TargetClient client, FreedChanges changes) {
        this.client = client;
        this.changes = changes;
    }

    /** Forgets what it knows of a copy that is gone. */
    void forget(long copyId) {
        unremovable.remove(copyId);
    }

    void align(SourceCollection source, TargetCollection copy, AppliedChanges applied) {
        Map<String, String> wanted = byKey(CreateRequests.properties(source));
        Map<String, String> found = byKey(copy.properties());
        List<KeyValuePair> changed =
                CreateRequests.properties(source).stream()
                        .filter(p -> !p.getValue().equals(found.get(p.getKey())))
                        .toList();
        if (!changed.isEmpty()) {
            List<KeyValuePair> told = withIsolation(changed, wanted, found);
            changes.run(
                    source,
                    copy,
                    told,
                    () -> client.alterProperties(copy.db(), copy.name(), told),
                    applied);
            applied.add(
                    source, "set properties " + byKey(changed).keySet() + " of " + copy.fullName());
        }
        Set<String> staying = unremovable.getOrDefault(copy.id(), Set.of());
        List<String> surplus =
                found.keySet().stream()
                        .filter(key -> !wanted.containsKey(key))
                        .filter(CreateRequests::isCopied)
                        .filter(key -> !staying.contains(key))
                        .toList();
        if (!surplus.isEmpty()) {
            remove(source, copy, surplus, applied);
        }
    }

    private static List<KeyValuePair> withIsolation(
            List<KeyValuePair> changed, Map<String, String> wanted, Map<String, String> found) {
        String isolation = wanted.getOrDefault(ISOLATION, found.get(ISOLATION));
        if (isolation == null || byKey(changed).containsKey(ISOLATION)) {
            return changed;
        }
        List<KeyValuePair> both = new ArrayList<>(changed);
        both.add(KeyValuePair.newBuilder().setKey(ISOLATION).setValue(isolation).build());
        return both;
    }

    private void remove(
            SourceCollection source,
            TargetCollection copy,
            List<String> keys,
            AppliedChanges applied) {
        try {
            changes.run(
                    source,
                    copy,
                    keys,
                    () -> client.removeProperties(copy.db(), copy.name(), keys),
                    applied);
            applied.add(source, "removed properties " + keys + " of " + copy.fullName());
        } catch (TargetException e) {
            if (e.kind() == Kind.FATAL || e.unanswered()) {
                throw e;
            }
            // Milvus before 2.5 can't
            unremovable.computeIfAbsent(copy.id(), id -> new TreeSet<>()).addAll(keys);
            LOG.warn(
                    "Properties {} of target collection {} stay, though the source has removed"
                            + " them: {}",
                    keys,
                    copy.fullName(),
                    e.getMessage());
        }
    }

    private static Map<String, String> byKey(List<KeyValuePair> pairs) {
        return pairs.stream()
                .collect(
                        Collectors.toMap(
                                KeyValuePair::getKey,
                                KeyValuePair::getValue,
                                (first, second) -> second,
                                TreeMap::new));
    }
}

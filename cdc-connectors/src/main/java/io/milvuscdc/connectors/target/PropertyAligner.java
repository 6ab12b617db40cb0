// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
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
 * Makes the properties of one copy equal to its original's. Where Milvus refuses that of a
 * collection that is loaded or has an index, the copy is released and loses its index for it, as
 * the source's had to: indexes and what's loaded are to be compared afterwards. Used by one thread.
 */
final class PropertyAligner {

    private static final Logger LOG = LoggerFactory.getLogger(PropertyAligner.class);

    /**
     * Milvus 2.4 and 2.5 (proxy's alterCollectionTask.PreExecute) compare what the request says of
     * it with what the collection has, and take silence for false.
     */
    private static final String ISOLATION = "partitionkey.isolation";

    private final TargetClient client;
    private final LoadStates states;

    /** By copy, the properties that stay though the source has removed them. */
    private final Map<Long, Set<String>> unremovable = new HashMap<>();

    /** By copy and change, what was refused though nothing stood in the way any more. */
    private final Map<Long, Map<Object, TargetException>> refused = new HashMap<>();

    PropertyAligner(TargetClient client) {
        this.client = client;
        this.states = new LoadStates(client);
    }

    /** Forgets what it knows of a copy that is gone. */
    void forget(long copyId) {
        unremovable.remove(copyId);
        refused.remove(copyId);
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
            change(
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
            change(
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

    /**
     * Does one change, of a copy that is freed of what stands in the way: mmap.enabled and
     * lazyload.enabled aren't changed of a loaded collection since 2.4, partitionkey.isolation not
     * of one with a vector index. One that is refused even then frees the copy only once.
     *
     * @param what tells it from other changes
     */
    private void change(
            SourceCollection source,
            TargetCollection copy,
            List<?> what,
            Runnable call,
            AppliedChanges applied) {
        boolean released = false;
        boolean bare = false;
        while (true) {
            try {
                call.run();
                refused.getOrDefault(copy.id(), new HashMap<>()).remove(what);
                return;
            } catch (TargetException e) {
                boolean indexed = e.code() == StatusClassifier.INDEX_DUPLICATE && !bare;
                boolean loaded = e.code() == StatusClassifier.COLLECTION_LOADED && !released;
                if (!indexed && !loaded) {
                    if (released && e.kind() == Kind.RETRY && !e.unanswered()) {
                        refused.computeIfAbsent(copy.id(), id -> new HashMap<>()).put(what, e);
                    }
                    throw e;
                }
                TargetException last = refused.getOrDefault(copy.id(), Map.of()).get(what);
                if (last != null) {
                    throw last;
                }
                release(source, copy, applied);
                released = true;
                if (indexed) {
                    dropVectorIndexes(source, copy, applied);
                    bare = true;
                }
            }
        }
    }

    private void release(SourceCollection source, TargetCollection copy, AppliedChanges applied) {
        if (states.mayBeLoaded(copy, List.of())) {
            client.releaseCollection(copy.db(), copy.name());
            applied.add(
                    source, "released collection " + copy.fullName() + " to change its properties");
        }
    }

    private void dropVectorIndexes(
            SourceCollection source, TargetCollection copy, AppliedChanges applied) {
        Set<String> vectors =
                copy.schema().getFieldsList().stream()
                        .filter(PropertyAligner::isVector)
                        .map(FieldSchema::getName)
                        .collect(Collectors.toSet());
        for (TargetIndex index : client.describeIndexes(copy.db(), copy.name())) {
            if (vectors.contains(index.fieldName())) {
                client.dropIndex(copy.db(), copy.name(), index);
                applied.add(
                        source,
                        "dropped index "
                                + index.name()
                                + " of "
                                + copy.fullName()
                                + " to change its properties");
            }
        }
    }

    /** As Milvus' typeutil.IsVectorType: the vector types are numbered from 100 on. */
    private static boolean isVector(FieldSchema field) {
        return field.getDataTypeValue() >= DataType.BinaryVector_VALUE;
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

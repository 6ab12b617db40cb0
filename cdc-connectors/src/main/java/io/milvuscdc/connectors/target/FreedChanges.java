// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.TargetException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Does changes of a copy that Milvus refuses of a collection that is loaded (mmap.enabled and
 * lazyload.enabled, since 2.4) or has a vector index (partitionkey.isolation): the copy is released
 * and loses such indexes for it, as the source's had to. Indexes and what's loaded are to be
 * compared afterwards. A change that is refused even then frees the copy only once. Used by one
 * thread.
 */
final class FreedChanges {

    private final TargetClient client;
    private final LoadStates states;

    /** By copy and change, what was refused though nothing stood in the way any more. */
    private final Map<Long, Map<Object, TargetException>> refused = new HashMap<>();

    FreedChanges(TargetClient client) {
        this.client = client;
        this.states = new LoadStates(client);
    }

    /** Forgets what it knows of a copy that is gone. */
    void forget(long copyId) {
        refused.remove(copyId);
    }

    /**
     * Does one change.
     *
     * @param what tells it from other changes
     */
    void run(
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
                        .filter(FreedChanges::isVector)
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
}

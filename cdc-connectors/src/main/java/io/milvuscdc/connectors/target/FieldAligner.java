// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the fields of one copy what AlterCollectionField has changed of its original's. Rows fit in
 * without it, so what the target can't do is said once and left. Used by one thread.
 */
final class FieldAligner {

    private static final Logger LOG = LoggerFactory.getLogger(FieldAligner.class);

    /**
     * What Milvus 2.5 and later (proxy's alterCollectionFieldTask) lets be changed; max_capacity
     * came after 2.5.9 (issue 41363).
     */
    private static final Set<String> ALTERABLE =
            Set.of("max_length", "max_capacity", "mmap.enabled");

    private final TargetClient client;
    private final FreedChanges changes;

    /** By copy, what the target can't change. */
    private final Map<Long, Set<Change>> given = new HashMap<>();

    private record Change(String field, List<KeyValuePair> params) {}

    FieldAligner(TargetClient client, FreedChanges changes) {
        this.client = client;
        this.changes = changes;
    }

    /** Forgets what it knows of a copy that is gone. */
    void forget(long copyId) {
        given.remove(copyId);
    }

    void align(SourceCollection source, TargetCollection copy, AppliedChanges applied) {
        Map<String, FieldSchema> found =
                copy.schema().getFieldsList().stream()
                        .collect(Collectors.toMap(FieldSchema::getName, Function.identity()));
        for (FieldSchema field : CreateRequests.userFields(source.schema())) {
            FieldSchema at = found.getOrDefault(field.getName(), field);
            List<KeyValuePair> params =
                    field.getTypeParamsList().stream()
                            .filter(p -> ALTERABLE.contains(p.getKey()))
                            .filter(p -> !at.getTypeParamsList().contains(p))
                            .toList();
            Change change = new Change(field.getName(), params);
            if (!params.isEmpty() && !given.getOrDefault(copy.id(), Set.of()).contains(change)) {
                alter(source, copy, change, applied);
            }
        }
    }

    private void alter(
            SourceCollection source, TargetCollection copy, Change change, AppliedChanges applied) {
        try {
            changes.run(
                    source,
                    copy,
                    List.of(change),
                    () ->
                            client.alterField(
                                    copy.db(), copy.name(), change.field(), change.params()),
                    applied);
            applied.add(
                    source,
                    "set "
                            + change.params().stream().map(KeyValuePair::getKey).toList()
                            + " of field "
                            + change.field()
                            + " of "
                            + copy.fullName());
        } catch (TargetException e) {
            if (e.code() != TargetException.UNKNOWN_CALL
                    && !StatusClassifier.isInvalidParameter(e)) {
                throw e;
            }
            given.computeIfAbsent(copy.id(), id -> new HashSet<>()).add(change);
            LOG.warn(
                    "Field {} of target collection {} stays as it is, though the source has changed"
                            + " it: {}",
                    change.field(),
                    copy.fullName(),
                    e.getMessage());
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the indexes of one copy equal to its original's. Used by one thread. */
final class IndexAligner {

    private static final String AUTO = "AUTOINDEX";

    /**
     * What AlterIndex changes. Milvus (2.4 and 2.5, datacoord's AlterIndex) puts it among the
     * parameters that the index was made with, but it's the same index as before.
     */
    private static final Set<String> ALTERABLE = Set.of("mmap.enabled", "indexoffsetcache.enabled");

    private final TargetClient client;
    private final LoadStates states;

    /**
     * By copy and index name, what was made last: the target may show it otherwise than it was
     * told.
     */
    private final Map<Long, Map<String, TargetIndex>> made = new HashMap<>();

    IndexAligner(TargetClient client) {
        this.client = client;
        this.states = new LoadStates(client);
    }

    /** Forgets what it made of a copy that is gone. */
    void forget(long copyId) {
        made.remove(copyId);
    }

    void align(
            SourceCollection source,
            TargetCollection copy,
            Leftovers left,
            AppliedChanges applied) {
        Map<String, TargetIndex> wanted = wanted(source, left);
        Map<String, TargetIndex> found =
                client.describeIndexes(copy.db(), copy.name()).stream()
                        .collect(Collectors.toMap(TargetIndex::name, Function.identity()));
        List<TargetIndex> surplus =
                found.values().stream()
                        .filter(index -> !isWanted(copy, index, wanted.get(index.name())))
                        .toList();
        if (!surplus.isEmpty()) {
            release(source, copy, applied);
        }
        for (TargetIndex index : surplus) {
            client.dropIndex(copy.db(), copy.name(), index);
            applied.add(source, "dropped index " + index.name() + " of " + copy.fullName());
        }
        for (TargetIndex index : wanted.values()) {
            if (!found.containsKey(index.name()) || surplus.contains(found.get(index.name()))) {
                client.createIndex(copy.db(), copy.name(), asTold(index));
                made.computeIfAbsent(copy.id(), id -> new HashMap<>()).put(index.name(), index);
                applied.add(
                        source,
                        "created index "
                                + index.name()
                                + " on "
                                + index.fieldName()
                                + " of "
                                + copy.fullName());
            }
        }
    }

    private static Map<String, TargetIndex> wanted(SourceCollection source, Leftovers left) {
        Map<Long, String> fields =
                source.schema().getFieldsList().stream()
                        .collect(Collectors.toMap(FieldSchema::getFieldID, FieldSchema::getName));
        List<TargetIndex> indexes = new ArrayList<>();
        for (SourceIndex index : source.indexes()) {
            Optional<String> field = Optional.ofNullable(fields.get(index.fieldId()));
            if (field.isPresent()) {
                indexes.add(new TargetIndex(index.name(), field.get(), index.userParams()));
            } else {
                left.fails("index " + index.name() + " is on the unknown field " + index.fieldId());
            }
        }
        return indexes.stream().collect(Collectors.toMap(TargetIndex::name, Function.identity()));
    }

    private boolean isWanted(TargetCollection copy, TargetIndex found, TargetIndex wanted) {
        if (wanted == null || !wanted.fieldName().equals(found.fieldName())) {
            return false;
        }
        Map<String, String> lasting = lasting(wanted);
        TargetIndex last = made.getOrDefault(copy.id(), Map.of()).get(wanted.name());
        boolean madeSo =
                last != null
                        && last.fieldName().equals(wanted.fieldName())
                        && lasting(last).equals(lasting);
        return madeSo || params(found.params()).entrySet().containsAll(lasting.entrySet());
    }

    private static Map<String, String> lasting(TargetIndex index) {
        Map<String, String> params = params(index.params());
        params.keySet().removeAll(ALTERABLE);
        return params;
    }

    /** With AUTOINDEX, which is also what no type means, Milvus takes no other parameters. */
    private static TargetIndex asTold(TargetIndex index) {
        String type = params(index.params()).getOrDefault("index_type", AUTO);
        if (!type.equals(AUTO)) {
            return index;
        }
        return new TargetIndex(
                index.name(),
                index.fieldName(),
                index.params().stream().filter(p -> !ALTERABLE.contains(p.getKey())).toList());
    }

    /** By key, without the blanks that another JSON writer may leave out. */
    private static Map<String, String> params(List<KeyValuePair> params) {
        return params.stream()
                .collect(
                        Collectors.toMap(
                                KeyValuePair::getKey,
                                p -> p.getValue().replaceAll("\\s", ""),
                                (first, second) -> second,
                                TreeMap::new));
    }

    /** No index of a loaded collection is dropped; what's loaded is compared afterwards. */
    private void release(SourceCollection source, TargetCollection copy, AppliedChanges applied) {
        if (states.mayBeLoaded(copy, List.of())) {
            client.releaseCollection(copy.db(), copy.name());
            applied.add(
                    source, "released collection " + copy.fullName() + " to drop an index of it");
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds what keeps rows of a source collection from fitting into a target collection. Limits
 * (max_length, max_capacity) don't: only the proxy's Insert looks at them, which replicated rows
 * don't pass, and since 2.5 AlterCollectionField changes them of a collection that has rows.
 */
final class SchemaComparison {

    private SchemaComparison() {}

    /** The first difference in words, empty when rows fit. */
    static Optional<String> difference(SourceCollection source, TargetCollection target) {
        List<FieldSchema> wanted = CreateRequests.userFields(source.schema());
        List<FieldSchema> found = CreateRequests.userFields(target.schema());
        if (source.shards() != target.shards()) {
            return differs("number of shards", source.shards(), target.shards());
        }
        boolean dynamic = source.schema().getEnableDynamicField();
        if (dynamic != target.schema().getEnableDynamicField()) {
            return differs("dynamic field", dynamic, !dynamic);
        }
        if (!names(wanted).equals(names(found))) {
            return differs("fields", names(wanted), names(found));
        }
        for (int i = 0; i < wanted.size(); i++) {
            Optional<String> difference = difference(wanted.get(i), found.get(i));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return numberOfKeysPartitions(source, target);
    }

    /**
     * A proxy finds a key's partition by its hash modulo their number: with fewer at the target,
     * rows would wait for one that is never made; with more, its queries by key would look into
     * others than the rows are in.
     */
    private static Optional<String> numberOfKeysPartitions(
            SourceCollection source, TargetCollection target) {
        int wanted = source.partitions().size();
        int found = target.numPartitions();
        boolean known = wanted > 0 && found > 0;
        if (!known || wanted == found || !CreateRequests.hasPartitionKey(source)) {
            return Optional.empty();
        }
        return differs("number of partitions by the partition key", wanted, found)
                .map(text -> text + " (made with num_partitions = " + wanted + " it would fit)");
    }

    private static Optional<String> difference(FieldSchema source, FieldSchema target) {
        List<Trait> traits =
                List.of(
                        new Trait("type", FieldSchema::getDataTypeValue),
                        new Trait("element type", FieldSchema::getElementTypeValue),
                        new Trait("primary key", FieldSchema::getIsPrimaryKey),
                        new Trait("auto id", FieldSchema::getAutoID),
                        new Trait("partition key", FieldSchema::getIsPartitionKey),
                        new Trait("nullable", FieldSchema::getNullable),
                        new Trait("dim", f -> param(f, "dim")));
        for (Trait trait : traits) {
            Object wanted = trait.of().apply(source);
            Object found = trait.of().apply(target);
            if (!Objects.equals(wanted, found)) {
                return differs(trait.name() + " of field " + source.getName(), wanted, found);
            }
        }
        return Optional.empty();
    }

    private record Trait(String name, Function<FieldSchema, Object> of) {}

    // in order: a row's columns are told apart by field id, and ids are given in this order
    private static List<String> names(List<FieldSchema> fields) {
        return fields.stream().map(FieldSchema::getName).toList();
    }

    private static String param(FieldSchema field, String key) {
        Map<String, String> params =
                field.getTypeParamsList().stream()
                        .collect(
                                Collectors.toMap(
                                        KeyValuePair::getKey,
                                        KeyValuePair::getValue,
                                        (first, second) -> first));
        return params.getOrDefault(key, "");
    }

    private static Optional<String> differs(String what, Object source, Object target) {
        return Optional.of(what + ": " + source + " at the source, " + target + " at the target");
    }
}

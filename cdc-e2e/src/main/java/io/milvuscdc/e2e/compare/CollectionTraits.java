// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import com.google.protobuf.TextFormat;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.KeyValuePair;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Turns a collection's description into name and text pairs that can be compared and shown. */
final class CollectionTraits {

    private CollectionTraits() {}

    static SortedMap<String, String> of(
            DescribeCollectionResponse described, List<IndexDescription> indexes) {
        CollectionSchema schema = described.getSchema();
        SortedMap<String, String> traits = new TreeMap<>();
        traits.put("description", schema.getDescription());
        traits.put("dynamic field", Boolean.toString(schema.getEnableDynamicField()));
        traits.put("shards", Integer.toString(described.getShardsNum()));
        traits.put("partition key slots", Long.toString(described.getNumPartitions()));
        traits.put("consistency level", described.getConsistencyLevel().name());
        described
                .getPropertiesList()
                .forEach(pair -> traits.put("property " + pair.getKey(), pair.getValue()));
        schema.getFieldsList()
                .forEach(field -> traits.put("field " + field.getName(), text(field)));
        described.getAliasesList().forEach(alias -> traits.put("alias " + alias, "points to it"));
        indexes.forEach(
                index ->
                        traits.put(
                                "index " + index.getIndexName(),
                                "on " + index.getFieldName() + " " + text(index.getParamsList())));
        return traits;
    }

    private static String text(FieldSchema field) {
        // everything the server says of it, whatever its version knows, in a stable order
        FieldSchema.Builder stable = field.toBuilder().clearTypeParams().clearIndexParams();
        return TextFormat.printer().printToString(stable).replace("\n", "; ")
                + text(field.getTypeParamsList());
    }

    private static String text(List<KeyValuePair> pairs) {
        return pairs.stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .sorted()
                .collect(Collectors.joining(", ", "{", "}"));
    }
}

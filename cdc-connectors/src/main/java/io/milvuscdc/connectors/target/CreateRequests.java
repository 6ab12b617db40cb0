// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.util.List;
import java.util.Set;

/** Makes a CreateCollection request of what the source's etcd says about a collection. */
final class CreateRequests {

    private static final long FIRST_USER_FIELD = 100;

    /** They belong to Milvus' own migration mode and would put the copy into it. */
    private static final Set<String> NOT_COPIED = Set.of("replicate.id", "replicate.endTS");

    private CreateRequests() {}

    static CreateCollectionRequest createCollection(SourceCollection source) {
        CreateCollectionRequest.Builder request =
                CreateCollectionRequest.newBuilder()
                        .setBase(
                                TargetClient.replicateBase(
                                        MsgType.CreateCollection, source.createTs()))
                        .setDbName(source.dbName())
                        .setCollectionName(source.name())
                        .setSchema(schema(source).toByteString())
                        .setShardsNum(source.shards())
                        .setConsistencyLevelValue(source.consistencyLevel())
                        .addAllProperties(properties(source));
        if (hasPartitionKey(source)) {
            request.setNumPartitions(source.partitions().size());
        }
        return request.build();
    }

    /** The properties that the copy has, too. */
    static List<KeyValuePair> properties(SourceCollection source) {
        return source.properties().stream().filter(p -> isCopied(p.getKey())).toList();
    }

    /** Whether a property is one that the copy has, too. */
    static boolean isCopied(String property) {
        return !NOT_COPIED.contains(property);
    }

    /** Whether the target makes and names its partitions by itself. */
    static boolean hasPartitionKey(SourceCollection source) {
        return source.schema().getFieldsList().stream().anyMatch(FieldSchema::getIsPartitionKey);
    }

    /** Fields that users make: the target adds RowID, Timestamp and {@code $meta} by itself. */
    static List<FieldSchema> userFields(CollectionSchema schema) {
        return schema.getFieldsList().stream()
                .filter(f -> f.getFieldID() >= FIRST_USER_FIELD && !f.getIsDynamic())
                .toList();
    }

    private static CollectionSchema schema(SourceCollection source) {
        // from the source's own message, so that what this code doesn't know goes along
        return source.schema().toBuilder()
                .setName(source.name())
                .setDbName(source.dbName())
                .clearFields()
                .addAllFields(userFields(source.schema()))
                .build();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.target;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateDatabaseRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DropAliasRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.DropDatabaseRequest;
import io.milvus.grpc.DropIndexRequest;
import io.milvus.grpc.DropPartitionRequest;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadPartitionsRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.ReleaseCollectionRequest;
import io.milvus.grpc.ReleasePartitionsRequest;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.Status;
import io.milvus.grpc.ValueField;
import java.util.List;

/** What a user does to the source's metadata, by raw calls; every refusal fails the test. */
final class SourceDdl implements AutoCloseable {

    private final ManagedChannel channel;
    private final String db;
    private final MilvusServiceGrpc.MilvusServiceBlockingStub stub;

    SourceDdl(String uri, String db) {
        this.channel =
                NettyChannelBuilder.forTarget(uri.replace("http://", "")).usePlaintext().build();
        this.db = db;
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("dbname", Metadata.ASCII_STRING_MARSHALLER), db);
        this.stub =
                MilvusServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    static FieldSchema.Builder field(int id, String name, DataType type) {
        return FieldSchema.newBuilder().setFieldID(id).setName(name).setDataType(type);
    }

    static KeyValuePair pair(String key, String value) {
        return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
    }

    static FieldSchema key() {
        return field(100, "pk", DataType.Int64).setIsPrimaryKey(true).build();
    }

    static FieldSchema vector() {
        return field(101, "v", DataType.FloatVector).addTypeParams(pair("dim", "4")).build();
    }

    /** Every field type of Milvus 2.3, a default value, and dynamic fields. */
    static CollectionSchema everyType(String name) {
        return CollectionSchema.newBuilder()
                .setName(name)
                .setDescription("one of each")
                .setEnableDynamicField(true)
                .addFields(
                        field(100, "pk", DataType.VarChar)
                                .setIsPrimaryKey(true)
                                .addTypeParams(pair("max_length", "64")))
                .addFields(vector())
                .addFields(field(102, "b", DataType.Bool))
                .addFields(field(103, "i8", DataType.Int8))
                .addFields(field(104, "i16", DataType.Int16))
                .addFields(
                        field(105, "i32", DataType.Int32)
                                .setDefaultValue(ValueField.newBuilder().setIntData(7)))
                .addFields(field(106, "i64", DataType.Int64))
                .addFields(field(107, "f", DataType.Float))
                .addFields(field(108, "d", DataType.Double))
                .addFields(field(109, "s", DataType.VarChar).addTypeParams(pair("max_length", "9")))
                .addFields(field(110, "j", DataType.JSON))
                .addFields(
                        field(111, "a", DataType.Array)
                                .setElementType(DataType.Int32)
                                .addTypeParams(pair("max_capacity", "5")))
                .build();
    }

    void database() {
        check(stub.createDatabase(CreateDatabaseRequest.newBuilder().setDbName(db).build()));
    }

    void dropDatabase() {
        check(stub.dropDatabase(DropDatabaseRequest.newBuilder().setDbName(db).build()));
    }

    void create(String name) {
        create(
                CollectionSchema.newBuilder()
                        .setName(name)
                        .addFields(key())
                        .addFields(vector())
                        .build(),
                1,
                0);
    }

    void create(
            CollectionSchema schema, int shards, int partitionSlots, KeyValuePair... properties) {
        check(
                stub.createCollection(
                        CreateCollectionRequest.newBuilder()
                                .setCollectionName(schema.getName())
                                .setSchema(schema.toByteString())
                                .setShardsNum(shards)
                                .setNumPartitions(partitionSlots)
                                .addAllProperties(List.of(properties))
                                .build()));
    }

    void drop(String name) {
        check(
                stub.dropCollection(
                        DropCollectionRequest.newBuilder().setCollectionName(name).build()));
    }

    void rename(String name, String newName) {
        check(
                stub.renameCollection(
                        RenameCollectionRequest.newBuilder()
                                .setOldName(name)
                                .setNewName(newName)
                                .build()));
    }

    void properties(String name, KeyValuePair... properties) {
        check(
                stub.alterCollection(
                        AlterCollectionRequest.newBuilder()
                                .setCollectionName(name)
                                .addAllProperties(List.of(properties))
                                .build()));
    }

    void partition(String name, String partition) {
        check(
                stub.createPartition(
                        CreatePartitionRequest.newBuilder()
                                .setCollectionName(name)
                                .setPartitionName(partition)
                                .build()));
    }

    void dropPartition(String name, String partition) {
        check(
                stub.dropPartition(
                        DropPartitionRequest.newBuilder()
                                .setCollectionName(name)
                                .setPartitionName(partition)
                                .build()));
    }

    void alias(String name, String alias) {
        check(
                stub.createAlias(
                        CreateAliasRequest.newBuilder()
                                .setCollectionName(name)
                                .setAlias(alias)
                                .build()));
    }

    void alterAlias(String name, String alias) {
        check(
                stub.alterAlias(
                        AlterAliasRequest.newBuilder()
                                .setCollectionName(name)
                                .setAlias(alias)
                                .build()));
    }

    void dropAlias(String alias) {
        check(stub.dropAlias(DropAliasRequest.newBuilder().setAlias(alias).build()));
    }

    void index(String name, String field, String index, KeyValuePair... params) {
        check(
                stub.createIndex(
                        CreateIndexRequest.newBuilder()
                                .setCollectionName(name)
                                .setFieldName(field)
                                .setIndexName(index)
                                .addAllExtraParams(List.of(params))
                                .build()));
    }

    void flat(String name, String index) {
        index(
                name,
                "v",
                index,
                pair("index_type", "FLAT"),
                pair("metric_type", "L2"),
                pair("params", "{}"));
    }

    void dropIndex(String name, String field, String index) {
        check(
                stub.dropIndex(
                        DropIndexRequest.newBuilder()
                                .setCollectionName(name)
                                .setFieldName(field)
                                .setIndexName(index)
                                .build()));
    }

    void load(String name) {
        check(
                stub.loadCollection(
                        LoadCollectionRequest.newBuilder()
                                .setCollectionName(name)
                                .setReplicaNumber(1)
                                .build()));
    }

    void release(String name) {
        check(
                stub.releaseCollection(
                        ReleaseCollectionRequest.newBuilder().setCollectionName(name).build()));
    }

    void loadPartitions(String name, String... partitions) {
        check(
                stub.loadPartitions(
                        LoadPartitionsRequest.newBuilder()
                                .setCollectionName(name)
                                .addAllPartitionNames(List.of(partitions))
                                .setReplicaNumber(1)
                                .build()));
    }

    void releasePartitions(String name, String... partitions) {
        check(
                stub.releasePartitions(
                        ReleasePartitionsRequest.newBuilder()
                                .setCollectionName(name)
                                .addAllPartitionNames(List.of(partitions))
                                .build()));
    }

    private static void check(Status status) {
        if (status.getCode() != 0 || !status.getReason().isEmpty()) {
            throw new AssertionError("the source refused: " + status);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}

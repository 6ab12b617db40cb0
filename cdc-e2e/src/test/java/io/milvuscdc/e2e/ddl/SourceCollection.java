// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.DropIndexRequest;
import io.milvus.grpc.DropPartitionRequest;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadPartitionsRequest;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.ReleaseCollectionRequest;
import io.milvus.grpc.ReleasePartitionsRequest;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.UpsertRequest;
import io.milvuscdc.e2e.servers.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A collection of the source under one name, which may come to stand for another one. */
final class SourceCollection {

    private static final Duration LOADED = Await.PATIENCE;

    private final SourceDatabase database;
    private final String name;
    private final CollectionSchema schema;

    SourceCollection(SourceDatabase database, String name, CollectionSchema schema) {
        this.database = database;
        this.name = name;
        this.schema = schema;
    }

    String name() {
        return name;
    }

    SourceCollection insert(SampleRows rows) {
        return insert("", rows);
    }

    /** Inserts into a partition; into the one that Milvus chooses when it's empty. */
    SourceCollection insert(String partition, SampleRows rows) {
        MutationResult result =
                stub().insert(
                                InsertRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .setPartitionName(partition)
                                        .addAllFieldsData(rows.columns(schema))
                                        .setNumRows(rows.count())
                                        .build());
        SourceClient.check("insert into " + this, result.getStatus());
        return this;
    }

    SourceCollection upsert(SampleRows rows) {
        return upsert("", rows);
    }

    SourceCollection upsert(String partition, SampleRows rows) {
        MutationResult result =
                stub().upsert(
                                UpsertRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .setPartitionName(partition)
                                        .addAllFieldsData(rows.columns(schema))
                                        .setNumRows(rows.count())
                                        .build());
        SourceClient.check("upsert into " + this, result.getStatus());
        return this;
    }

    SourceCollection delete(String expression) {
        return delete("", expression);
    }

    SourceCollection delete(String partition, String expression) {
        MutationResult result =
                stub().delete(
                                DeleteRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .setPartitionName(partition)
                                        .setExpr(expression)
                                        .build());
        SourceClient.check("delete from " + this + " where " + expression, result.getStatus());
        return this;
    }

    SourceCollection createPartition(String partition) {
        SourceClient.check(
                "create partition " + partition + " of " + this,
                stub().createPartition(
                                CreatePartitionRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .setPartitionName(partition)
                                        .build()));
        return this;
    }

    SourceCollection dropPartition(String partition) {
        SourceClient.check(
                "drop partition " + partition + " of " + this,
                stub().dropPartition(
                                DropPartitionRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .setPartitionName(partition)
                                        .build()));
        return this;
    }

    /** Indexes the vector with what needs no training. */
    SourceCollection index() {
        boolean binary =
                schema.getFieldsList().stream()
                        .anyMatch(f -> f.getDataType() == io.milvus.grpc.DataType.BinaryVector);
        return binary
                ? index(Schemas.VECTOR, "BIN_FLAT", Map.of("metric_type", "HAMMING"))
                : index(Schemas.VECTOR, "FLAT", Map.of("metric_type", "L2"));
    }

    SourceCollection index(String field, String type, Map<String, String> more) {
        return index(field, "idx_" + field, type, more);
    }

    SourceCollection index(String field, String indexName, String type, Map<String, String> more) {
        CreateIndexRequest.Builder request =
                CreateIndexRequest.newBuilder()
                        .setDbName(db())
                        .setCollectionName(name)
                        .setFieldName(field)
                        .setIndexName(indexName)
                        .addExtraParams(Schemas.pair("index_type", type));
        more.forEach((key, value) -> request.addExtraParams(Schemas.pair(key, value)));
        SourceClient.check(
                "create index " + indexName + " on " + this, stub().createIndex(request.build()));
        return this;
    }

    SourceCollection dropIndex(String field, String indexName) {
        SourceClient.check(
                "drop index " + indexName + " on " + this,
                stub().dropIndex(
                                DropIndexRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .setFieldName(field)
                                        .setIndexName(indexName)
                                        .build()));
        return this;
    }

    /** The same collection under the name that it has by now. */
    SourceCollection at(String newName) {
        return new SourceCollection(database, newName, schema);
    }

    /** Loads with one replica and returns when it's loaded. */
    SourceCollection load() {
        requestLoad();
        awaitLoaded();
        return this;
    }

    /** As {@link #load}, but returns at once. */
    void requestLoad() {
        SourceClient.check(
                "load " + this,
                stub().loadCollection(
                                LoadCollectionRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .setReplicaNumber(1)
                                        .build()));
    }

    void awaitLoaded() {
        awaitLoaded(List.of());
    }

    SourceCollection loadPartitions(String... partitions) {
        SourceClient.check(
                "load " + List.of(partitions) + " of " + this,
                stub().loadPartitions(
                                LoadPartitionsRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .addAllPartitionNames(List.of(partitions))
                                        .setReplicaNumber(1)
                                        .build()));
        awaitLoaded(List.of(partitions));
        return this;
    }

    private void awaitLoaded(List<String> partitions) {
        Await.until(
                this + " " + partitions + " to be loaded",
                LOADED,
                () ->
                        stub().getLoadState(
                                                GetLoadStateRequest.newBuilder()
                                                        .setDbName(db())
                                                        .setCollectionName(name)
                                                        .addAllPartitionNames(partitions)
                                                        .build())
                                        .getState()
                                == LoadState.LoadStateLoaded);
    }

    SourceCollection release() {
        SourceClient.check(
                "release " + this,
                stub().releaseCollection(
                                ReleaseCollectionRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .build()));
        return this;
    }

    SourceCollection releasePartitions(String... partitions) {
        SourceClient.check(
                "release " + List.of(partitions) + " of " + this,
                stub().releasePartitions(
                                ReleasePartitionsRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .addAllPartitionNames(List.of(partitions))
                                        .build()));
        return this;
    }

    SourceCollection flush() {
        SourceClient.check(
                "flush " + this,
                stub().flush(
                                FlushRequest.newBuilder()
                                        .setDbName(db())
                                        .addCollectionNames(name)
                                        .build())
                        .getStatus());
        return this;
    }

    SourceCollection setProperty(String key, String value) {
        SourceClient.check(
                "alter " + this,
                stub().alterCollection(
                                AlterCollectionRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .addProperties(Schemas.pair(key, value))
                                        .build()));
        return this;
    }

    SourceCollection rename(String newName) {
        return rename(database, newName);
    }

    /** Gives it another name, in this database or in another one. */
    SourceCollection rename(SourceDatabase newDatabase, String newName) {
        SourceClient.check(
                "rename " + this,
                stub().renameCollection(
                                RenameCollectionRequest.newBuilder()
                                        .setDbName(db())
                                        .setOldName(name)
                                        // an empty one stands for the default database
                                        .setNewDBName(newDatabase.name())
                                        .setNewName(newName)
                                        .build()));
        return new SourceCollection(newDatabase, newName, schema);
    }

    void drop() {
        SourceClient.check(
                "drop " + this,
                stub().dropCollection(
                                DropCollectionRequest.newBuilder()
                                        .setDbName(db())
                                        .setCollectionName(name)
                                        .build()));
    }

    private String db() {
        return database.name();
    }

    private MilvusServiceBlockingStub stub() {
        return database.client().stub();
    }

    @Override
    public String toString() {
        return db() + "." + name;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.workload;

import io.grpc.ManagedChannel;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateDatabaseRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DropAliasRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.DropDatabaseRequest;
import io.milvus.grpc.DropIndexRequest;
import io.milvus.grpc.DropPartitionRequest;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.FlushResponse;
import io.milvus.grpc.GetFlushStateRequest;
import io.milvus.grpc.GetFlushStateResponse;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadPartitionsRequest;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.ReleaseCollectionRequest;
import io.milvus.grpc.ReleasePartitionsRequest;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.MilvusAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Changes one database of a Milvus, over the plain gRPC interface, so that nothing happens behind a
 * client's back. Every call throws {@link RefusedException} when Milvus refuses it. Thread-safe.
 */
public final class MilvusSession implements AutoCloseable {

    private static final int MAX_ANSWER_BYTES = 64 * 1024 * 1024;
    private static final Duration BOUND = Await.PATIENCE;

    private final ManagedChannel channel;
    private final String db;

    private MilvusSession(ManagedChannel channel, String db) {
        this.channel = channel;
        this.db = db;
    }

    /** A session in the default database. */
    public static MilvusSession open(String uri) {
        return open(MilvusAccess.open(uri));
    }

    /** A session in the default database of a Milvus with login or TLS. */
    public static MilvusSession open(MilvusAccess access) {
        return new MilvusSession(access.channel(MAX_ANSWER_BYTES), "default");
    }

    /** The same connection, in another database; closing either closes both. */
    public MilvusSession inDatabase(String name) {
        return new MilvusSession(channel, name);
    }

    public void createDatabase(String name) {
        check(
                "create database " + name,
                stub().createDatabase(CreateDatabaseRequest.newBuilder().setDbName(name).build()));
    }

    public void dropDatabase(String name) {
        check(
                "drop database " + name,
                stub().dropDatabase(DropDatabaseRequest.newBuilder().setDbName(name).build()));
    }

    /**
     * What a collection has beside its schema.
     *
     * @param partitionKeySlots {@code num_partitions}; 0 for a collection without partition key
     */
    public record CollectionSettings(
            int shards,
            ConsistencyLevel consistency,
            int partitionKeySlots,
            Map<String, String> properties) {

        /** One shard, consistency bounded, nothing else. */
        public static CollectionSettings plain() {
            return new CollectionSettings(1, ConsistencyLevel.Bounded, 0, Map.of());
        }

        public CollectionSettings withShards(int number) {
            return new CollectionSettings(number, consistency, partitionKeySlots, properties);
        }

        public CollectionSettings withConsistency(ConsistencyLevel level) {
            return new CollectionSettings(shards, level, partitionKeySlots, properties);
        }

        public CollectionSettings withPartitionKeySlots(int number) {
            return new CollectionSettings(shards, consistency, number, properties);
        }

        public CollectionSettings withProperties(Map<String, String> pairs) {
            return new CollectionSettings(shards, consistency, partitionKeySlots, pairs);
        }
    }

    public void createCollection(String name, CollectionSchema schema, CollectionSettings more) {
        CreateCollectionRequest.Builder request =
                CreateCollectionRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .setSchema(schema.toBuilder().setName(name).build().toByteString())
                        .setShardsNum(more.shards())
                        .setConsistencyLevel(more.consistency())
                        .setNumPartitions(more.partitionKeySlots());
        more.properties().forEach((k, v) -> request.addProperties(SampleSchemas.pair(k, v)));
        check("create collection " + name, stub().createCollection(request.build()));
    }

    public void dropCollection(String name) {
        check(
                "drop collection " + name,
                stub().dropCollection(
                                DropCollectionRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(name)
                                        .build()));
    }

    public void renameCollection(String name, String newName) {
        check(
                "rename collection " + name,
                stub().renameCollection(
                                RenameCollectionRequest.newBuilder()
                                        .setDbName(db)
                                        .setOldName(name)
                                        .setNewName(newName)
                                        .build()));
    }

    /** Changes a property; Milvus 2.3.5 keeps that in memory only, its etcd doesn't show it. */
    public void alterCollection(String name, String property, String value) {
        check(
                "alter collection " + name,
                stub().alterCollection(
                                AlterCollectionRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(name)
                                        .addProperties(SampleSchemas.pair(property, value))
                                        .build()));
    }

    public void createPartition(String collection, String name) {
        check(
                "create partition " + name,
                stub().createPartition(
                                CreatePartitionRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .setPartitionName(name)
                                        .build()));
    }

    public void dropPartition(String collection, String name) {
        check(
                "drop partition " + name,
                stub().dropPartition(
                                DropPartitionRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .setPartitionName(name)
                                        .build()));
    }

    /** Inserts into a partition, or where Milvus puts it when {@code partition} is empty. */
    public void insert(String collection, String partition, SampleRows rows) {
        insertColumns(collection, partition, rows.columns(), rows.count());
    }

    /** Inserts rows that are columns already. */
    public void insertColumns(
            String collection, String partition, List<FieldData> columns, int count) {
        inserted(collection, partition, columns, count);
    }

    /** Inserts, and returns the keys that Milvus has made. */
    public List<Long> insertAutoId(String collection, SampleRows rows) {
        return inserted(collection, "", rows.columns(), rows.count())
                .getIDs()
                .getIntId()
                .getDataList();
    }

    private MutationResult inserted(
            String collection, String partition, List<FieldData> columns, int count) {
        MutationResult result =
                stub().insert(
                                InsertRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .setPartitionName(partition)
                                        .addAllFieldsData(columns)
                                        .setNumRows(count)
                                        .build());
        check("insert into " + collection, result);
        return result;
    }

    public void insert(String collection, SampleRows rows) {
        insert(collection, "", rows);
    }

    public void upsert(String collection, SampleRows rows) {
        upsert(collection, "", rows);
    }

    /** Upserts in a partition, or where Milvus puts it when {@code partition} is empty. */
    public void upsert(String collection, String partition, SampleRows rows) {
        check(
                "upsert into " + collection,
                stub().upsert(
                                UpsertRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .setPartitionName(partition)
                                        .addAllFieldsData(rows.columns())
                                        .setNumRows(rows.count())
                                        .build()));
    }

    /** Deletes by primary keys from a partition, or from all when {@code partition} is empty. */
    public void delete(String collection, String partition, List<String> keyLiterals) {
        String keys = String.join(", ", keyLiterals);
        check(
                "delete from " + collection,
                stub().delete(
                                DeleteRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .setPartitionName(partition)
                                        .setExpr(SampleSchemas.KEY + " in [" + keys + "]")
                                        .build()));
    }

    /** Makes an index; parameters as clients send them ({@code index_type}, {@code params}). */
    public void createIndex(
            String collection, String field, String name, Map<String, String> parameters) {
        CreateIndexRequest.Builder request =
                CreateIndexRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(collection)
                        .setFieldName(field)
                        .setIndexName(name);
        parameters.forEach((k, v) -> request.addExtraParams(SampleSchemas.pair(k, v)));
        check("create index " + name, stub().createIndex(request.build()));
    }

    /** An exact index on the vector field, which loading needs. */
    public void indexVectors(String collection) {
        createIndex(
                collection,
                SampleSchemas.VECTOR,
                "by_vector",
                Map.of("index_type", "FLAT", "metric_type", "L2", "params", "{}"));
    }

    public void dropIndex(String collection, String field, String name) {
        check(
                "drop index " + name,
                stub().dropIndex(
                                DropIndexRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .setFieldName(field)
                                        .setIndexName(name)
                                        .build()));
    }

    /** Loads the collection and waits until it's loaded. */
    public void load(String collection) {
        check(
                "load " + collection,
                stub().loadCollection(
                                LoadCollectionRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .setReplicaNumber(1)
                                        .build()));
        awaitLoaded(collection, List.of());
    }

    /** Loads partitions and waits until they are loaded. */
    public void loadPartitions(String collection, List<String> partitions) {
        check(
                "load partitions of " + collection,
                stub().loadPartitions(
                                LoadPartitionsRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .addAllPartitionNames(partitions)
                                        .setReplicaNumber(1)
                                        .build()));
        awaitLoaded(collection, partitions);
    }

    private void awaitLoaded(String collection, List<String> partitions) {
        Await.until(
                collection + " " + partitions + " to be loaded",
                BOUND,
                () -> {
                    GetLoadStateResponse answer =
                            stub().getLoadState(
                                            GetLoadStateRequest.newBuilder()
                                                    .setDbName(db)
                                                    .setCollectionName(collection)
                                                    .addAllPartitionNames(partitions)
                                                    .build());
                    check("load state of " + collection, answer.getStatus());
                    return answer.getState() == LoadState.LoadStateLoaded;
                });
    }

    public void release(String collection) {
        check(
                "release " + collection,
                stub().releaseCollection(
                                ReleaseCollectionRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .build()));
    }

    public void releasePartitions(String collection, List<String> partitions) {
        check(
                "release partitions of " + collection,
                stub().releasePartitions(
                                ReleasePartitionsRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(collection)
                                        .addAllPartitionNames(partitions)
                                        .build()));
    }

    /** Flushes and waits until all that was growing is flushed. */
    public void flush(String collection) {
        FlushResponse flushed =
                stub().flush(
                                FlushRequest.newBuilder()
                                        .setDbName(db)
                                        .addCollectionNames(collection)
                                        .build());
        check("flush " + collection, flushed.getStatus());
        GetFlushStateRequest.Builder state =
                GetFlushStateRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(collection)
                        .setFlushTs(flushed.getCollFlushTsOrDefault(collection, 0));
        if (flushed.containsCollSegIDs(collection)) {
            state.addAllSegmentIDs(flushed.getCollSegIDsOrThrow(collection).getDataList());
        }
        Await.until(
                collection + " to be flushed",
                BOUND,
                () -> {
                    GetFlushStateResponse answer = stub().getFlushState(state.build());
                    check("flush state of " + collection, answer.getStatus());
                    return answer.getFlushed();
                });
    }

    public void createAlias(String alias, String collection) {
        check(
                "create alias " + alias,
                stub().createAlias(
                                CreateAliasRequest.newBuilder()
                                        .setDbName(db)
                                        .setAlias(alias)
                                        .setCollectionName(collection)
                                        .build()));
    }

    public void alterAlias(String alias, String collection) {
        check(
                "alter alias " + alias,
                stub().alterAlias(
                                AlterAliasRequest.newBuilder()
                                        .setDbName(db)
                                        .setAlias(alias)
                                        .setCollectionName(collection)
                                        .build()));
    }

    public void dropAlias(String alias) {
        check(
                "drop alias " + alias,
                stub().dropAlias(
                                DropAliasRequest.newBuilder()
                                        .setDbName(db)
                                        .setAlias(alias)
                                        .build()));
    }

    private MilvusServiceBlockingStub stub() {
        return MilvusServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    private static void check(String what, MutationResult result) {
        check(what, result.getStatus());
    }

    private static void check(String what, Status status) {
        if (status.getCode() != 0) {
            throw new RefusedException(what, status);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}

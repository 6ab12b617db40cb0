// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.record;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every kind of change once, one after the other, and the list of what was done. */
final class RecordedWorkload {

    private static final int DIM = 4;

    private final MilvusSession milvus;
    private final List<String> done = new ArrayList<>();

    RecordedWorkload(MilvusSession milvus) {
        this.milvus = milvus;
    }

    List<String> run() {
        everyScalar();
        partitions();
        binary();
        partitionKey();
        databases();
        dropAndCreateAgain();
        namesAndProperties();
        loadAndIndex();
        return done;
    }

    private void everyScalar() {
        CollectionSchema schema = SampleSchemas.everyScalar(DIM);
        step(
                "create collection every_scalar: 2 shards, properties, consistency Session",
                () ->
                        milvus.createCollection(
                                "every_scalar",
                                schema,
                                CollectionSettings.plain()
                                        .withShards(2)
                                        .withConsistency(ConsistencyLevel.Session)
                                        .withProperties(
                                                Map.of("collection.ttl.seconds", "864000"))));
        step(
                "index by_vector on every_scalar.vector: IVF_FLAT, L2, nlist 8",
                () ->
                        milvus.createIndex(
                                "every_scalar",
                                SampleSchemas.VECTOR,
                                "by_vector",
                                Map.of(
                                        "index_type",
                                        "IVF_FLAT",
                                        "metric_type",
                                        "L2",
                                        "params",
                                        "{\"nlist\": 8}")));
        step("load every_scalar", () -> milvus.load("every_scalar"));
        step(
                "insert keys 1..10 into every_scalar",
                () -> milvus.insert("every_scalar", rows(schema, 1, 10, 0)));
        step(
                "delete keys 1, 2 from every_scalar",
                () -> milvus.delete("every_scalar", "", List.of("1", "2")));
        step(
                "upsert keys 3..4 into every_scalar",
                () -> milvus.upsert("every_scalar", rows(schema, 3, 2, 1)));
        step("flush every_scalar", () -> milvus.flush("every_scalar"));
    }

    private void partitions() {
        CollectionSchema schema = SampleSchemas.small(DIM);
        step(
                "create collection parts: 1 shard",
                () -> milvus.createCollection("parts", schema, CollectionSettings.plain()));
        step("create partition parts/p1", () -> milvus.createPartition("parts", "p1"));
        step("create partition parts/p2", () -> milvus.createPartition("parts", "p2"));
        step(
                "insert keys 1..3 into parts/p1",
                () -> milvus.insert("parts", "p1", rows(schema, 1, 3, 0)));
        step(
                "insert keys 4..6 into parts/p2",
                () -> milvus.insert("parts", "p2", rows(schema, 4, 3, 0)));
        step("delete key 1 from parts/p1", () -> milvus.delete("parts", "p1", List.of("1")));
        step("drop partition parts/p2", () -> milvus.dropPartition("parts", "p2"));
        step("index by_vector on parts.vector: FLAT", () -> milvus.indexVectors("parts"));
        step("load partition parts/p1", () -> milvus.loadPartitions("parts", List.of("p1")));
    }

    private void binary() {
        CollectionSchema schema = SampleSchemas.binary(16, true);
        step(
                "create collection binary: VarChar key, autoID, BinaryVector",
                () -> milvus.createCollection("binary", schema, CollectionSettings.plain()));
        step("insert 3 rows into binary", () -> milvus.insert("binary", rows(schema, 1, 3, 0)));
        CollectionSchema named = SampleSchemas.binary(16, false);
        step(
                "create collection named: VarChar key, BinaryVector, 2 shards",
                () ->
                        milvus.createCollection(
                                "named", named, CollectionSettings.plain().withShards(2)));
        SampleRows rows = rows(named, 1, 6, 0);
        step("insert keys k1..k6 into named", () -> milvus.insert("named", rows));
        step(
                "delete keys k1, k2 from named",
                () -> milvus.delete("named", "", rows.keyLiterals().subList(0, 2)));
    }

    private void partitionKey() {
        CollectionSchema schema = SampleSchemas.partitionKey(DIM);
        step(
                "create collection by_tenant: partition key, num_partitions 4",
                () ->
                        milvus.createCollection(
                                "by_tenant",
                                schema,
                                CollectionSettings.plain().withPartitionKeySlots(4)));
        step(
                "insert keys 1..8 into by_tenant",
                () -> milvus.insert("by_tenant", rows(schema, 1, 8, 0)));
    }

    private void databases() {
        CollectionSchema schema = SampleSchemas.autoId(DIM);
        step("create database shop", () -> milvus.createDatabase("shop"));
        step("create database empty", () -> milvus.createDatabase("empty"));
        MilvusSession shop = milvus.inDatabase("shop");
        step(
                "create collection shop.orders: Int64 key, autoID",
                () -> shop.createCollection("orders", schema, CollectionSettings.plain()));
        step("insert 3 rows into shop.orders", () -> shop.insert("orders", rows(schema, 1, 3, 0)));
        step("drop database empty", () -> milvus.dropDatabase("empty"));
    }

    private void dropAndCreateAgain() {
        CollectionSchema schema = SampleSchemas.usual(DIM);
        for (int round = 1; round <= 2; round++) {
            int version = round;
            step(
                    "create collection again, number " + round,
                    () -> milvus.createCollection("again", schema, CollectionSettings.plain()));
            step(
                    "insert keys 1..2 into again, number " + round,
                    () -> milvus.insert("again", rows(schema, 1, 2, version)));
            if (round == 1) {
                step("drop collection again", () -> milvus.dropCollection("again"));
            }
        }
    }

    private void namesAndProperties() {
        step("create alias first -> parts", () -> milvus.createAlias("first", "parts"));
        step("create alias second -> parts", () -> milvus.createAlias("second", "parts"));
        step("alter alias first -> named", () -> milvus.alterAlias("first", "named"));
        step("drop alias second", () -> milvus.dropAlias("second"));
        step("rename again to anew", () -> milvus.renameCollection("again", "anew"));
        step(
                "alter collection anew: collection.ttl.seconds = 777600 (not written to etcd)",
                () -> milvus.alterCollection("anew", "collection.ttl.seconds", "777600"));
        step(
                "insert keys k7..k8 into named by its alias first",
                () -> milvus.insert("first", rows(SampleSchemas.binary(16, false), 7, 2, 0)));
    }

    private void loadAndIndex() {
        step(
                "index by_vector on named.vector: BIN_FLAT, HAMMING",
                () ->
                        milvus.createIndex(
                                "named",
                                SampleSchemas.VECTOR,
                                "by_vector",
                                Map.of(
                                        "index_type",
                                        "BIN_FLAT",
                                        "metric_type",
                                        "HAMMING",
                                        "params",
                                        "{}")));
        step("load named", () -> milvus.load("named"));
        step("release named", () -> milvus.release("named"));
        step(
                "drop index by_vector of named",
                () -> milvus.dropIndex("named", SampleSchemas.VECTOR, "by_vector"));
        step(
                "index by_text on every_scalar.text",
                () -> milvus.createIndex("every_scalar", "text", "by_text", Map.of()));
    }

    private static SampleRows rows(CollectionSchema schema, long first, int count, int version) {
        return new SampleRows(schema, first, count, version);
    }

    private void step(String what, Runnable change) {
        change.run();
        done.add(what);
    }
}

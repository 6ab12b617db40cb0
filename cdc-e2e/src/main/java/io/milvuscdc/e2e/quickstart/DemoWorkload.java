// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.quickstart;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.util.List;
import java.util.Map;

/** What the quickstart does at the source: some of it before the task exists, some after. */
final class DemoWorkload {

    private static final int DIM = 128;
    private static final int BATCH = 1_000;
    private static final CollectionSchema ARTICLES = SampleSchemas.usual(DIM);
    private static final CollectionSchema TYPES = SampleSchemas.everyScalar(8);
    private static final CollectionSchema ORDERS = SampleSchemas.partitionKey(8);
    private static final CollectionSchema DRAFTS = SampleSchemas.small(8);

    private final MilvusSession milvus;
    private final int rows;

    DemoWorkload(MilvusSession milvus, int rows) {
        this.milvus = milvus;
        this.rows = rows;
    }

    /** A collection of {@code rows} rows that is there already when the task is created. */
    void before() {
        milvus.createCollection("articles", ARTICLES, CollectionSettings.plain().withShards(2));
        milvus.indexVectors("articles");
        milvus.load("articles");
        insert(1, rows);
    }

    /** Changes of every other kind, while the task runs. */
    void during() {
        milvus.createPartition("articles", "archive");
        milvus.insert("articles", "archive", new SampleRows(ARTICLES, rows + 1L, 500, 0));
        milvus.delete("articles", "", new SampleRows(ARTICLES, 1, 100, 0).keyLiterals());
        milvus.upsert("articles", new SampleRows(ARTICLES, 101, 100, 1));
        milvus.createAlias("news", "articles");

        milvus.createCollection(
                "every_type",
                TYPES,
                CollectionSettings.plain()
                        .withProperties(Map.of("collection.ttl.seconds", "864000")));
        milvus.indexVectors("every_type");
        milvus.load("every_type");
        milvus.insert("every_type", new SampleRows(TYPES, 1, 200, 0));

        milvus.createDatabase("shop");
        MilvusSession shop = milvus.inDatabase("shop");
        shop.createCollection(
                "orders", ORDERS, CollectionSettings.plain().withPartitionKeySlots(8));
        shop.createIndex(
                "orders",
                SampleSchemas.VECTOR,
                "by_vector",
                Map.of(
                        "index_type",
                        "HNSW",
                        "metric_type",
                        "IP",
                        "params",
                        "{\"M\": 8, \"efConstruction\": 64}"));
        shop.load("orders");
        shop.insert("orders", new SampleRows(ORDERS, 1, 1_000, 0));

        drafts(new SampleRows(DRAFTS, 1, 10, 0));
        milvus.dropCollection("drafts");
        drafts(new SampleRows(DRAFTS, 1, 7, 1));
        milvus.renameCollection("drafts", "papers");
    }

    private void drafts(SampleRows some) {
        milvus.createCollection("drafts", DRAFTS, CollectionSettings.plain());
        milvus.indexVectors("drafts");
        milvus.load("drafts");
        milvus.insert("drafts", some);
    }

    private void insert(long first, int count) {
        for (long next = first; next < first + count; next += BATCH) {
            int batch = (int) Math.min(BATCH, first + count - next);
            milvus.insert("articles", new SampleRows(ARTICLES, next, batch, 0));
        }
    }

    /** What {@link #during} does, for people. */
    static List<String> duringInWords() {
        return List.of(
                "partition archive with rows, deletes, upserts, an alias",
                "a collection with every type and a property",
                "a database, and in it a collection with a partition key",
                "a collection dropped, made again under its name, and renamed");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.grpc.StatusRuntimeException;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.RefusedException;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rows that never stop: inserts, upserts and deletes in collections that are there from the first
 * to the last, so that each message of them has to arrive exactly once.
 */
final class SteadyRows {

    private static final int KEYS = 20_000;
    private static final int BATCH = 50;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final List<Kept> KEPT =
            List.of(
                    new Kept("kept_shards", SampleSchemas.small(32), 2, 0),
                    new Kept("kept_types", SampleSchemas.everyScalar(8), 1, 0),
                    new Kept("kept_tenants", SampleSchemas.partitionKey(8), 1, 4),
                    new Kept("kept_auto", SampleSchemas.autoId(8), 1, 0));

    private final MilvusSession milvus;
    private final Random random;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** A collection that stays. */
    private record Kept(String name, CollectionSchema schema, int shards, int tenants) {
        boolean hasAutoId() {
            return schema.getFieldsList().stream().anyMatch(field -> field.getAutoID());
        }
    }

    SteadyRows(MilvusSession milvus, Random random) {
        this.milvus = milvus;
        this.random = random;
    }

    /** Names of the collections, all of them of database {@code default}. */
    static List<String> collections() {
        return KEPT.stream().map(Kept::name).toList();
    }

    void prepare() {
        for (Kept kept : KEPT) {
            milvus.createCollection(
                    kept.name(),
                    kept.schema(),
                    CollectionSettings.plain()
                            .withShards(kept.shards())
                            .withPartitionKeySlots(kept.tenants()));
            milvus.indexVectors(kept.name());
            milvus.load(kept.name());
        }
    }

    /** Writes one batch; what Milvus refuses while it's down is counted and not written. */
    void step(int step) {
        Kept kept = KEPT.get(random.nextInt(KEPT.size()));
        // a key's copies are in several partitions when its tenant changes, and which of them a
        // query shows is chance: they have to be the same
        int version = kept.tenants() > 0 ? 0 : step;
        SampleRows rows =
                new SampleRows(
                        kept.schema(), random.nextInt(KEYS), 1 + random.nextInt(BATCH), version);
        try {
            int kind = random.nextInt(10);
            if (kept.hasAutoId() || kind < 5) {
                milvus.insert(kept.name(), rows);
            } else if (kind < 8) {
                milvus.upsert(kept.name(), rows);
            } else {
                milvus.delete(kept.name(), "", rows.keyLiterals());
            }
            written.addAndGet(rows.count());
        } catch (RefusedException | StatusRuntimeException e) {
            refused.incrementAndGet();
        }
        Await.pause(PAUSE);
    }

    /** Rows written and keys deleted so far, as far as Milvus has said so. */
    long written() {
        return written.get();
    }

    /** Batches that failed, whatever became of them. */
    long refused() {
        return refused.get();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.grpc.StatusRuntimeException;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.compare.MilvusReader.CollectionName;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.RefusedException;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows that never stop: inserts, upserts and deletes in collections that are there from the first
 * to the last, so that each message of them has to arrive exactly once.
 */
final class SteadyRows {

    private static final int KEYS = 20_000;

    /** More than a writer comes to. */
    private static final long FRESH_KEYS = 1_000_000_000_000L;

    /** Apart from those of other partitions, and from fresh ones. */
    private static final long PARTITION_KEYS = FRESH_KEYS / 10;

    private static final int BATCH = 50;
    private static final int FILL_BATCH = 1_000;

    // of ten batches; the rest are deletes
    private static final int INSERTS = 5;
    private static final int UPSERTS = 3;

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Of keys that Milvus has made, so many are known, to be deleted. */
    private static final int AUTO_IDS = 1_000;

    private static final List<Kept> KEPT =
            List.of(
                    new Kept("kept_shards", SampleSchemas.small(32), 2, 0, List.of("")),
                    new Kept("kept_types", SampleSchemas.everyScalar(8), 1, 0, List.of("")),
                    new Kept("kept_tenants", SampleSchemas.partitionKey(8), 1, 4, List.of("")),
                    new Kept("kept_auto", SampleSchemas.autoId(8), 1, 0, List.of("")),
                    new Kept("kept_parts", SampleSchemas.small(8), 2, 0, List.of("", "a", "b")));

    private final MilvusSession milvus;
    private final Random random;
    private final Map<String, AtomicLong> batches = new TreeMap<>();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Deque<Long> autoIds = new ArrayDeque<>();
    private long fresh;

    /**
     * A collection that stays.
     *
     * @param partitions that are written to by name; empty for where Milvus puts rows
     */
    private record Kept(
            String name,
            CollectionSchema schema,
            int shards,
            int tenants,
            List<String> partitions) {

        boolean hasAutoId() {
            return schema.getFieldsList().stream().anyMatch(field -> field.getAutoID());
        }
    }

    /**
     * A writer.
     *
     * @param number that no other one has
     */
    SteadyRows(MilvusSession milvus, Random random, int number) {
        this.milvus = milvus;
        this.random = random;
        this.fresh = KEYS + number * FRESH_KEYS;
        collections().forEach(name -> batches.put(name, new AtomicLong()));
    }

    /** Names of the collections. */
    static List<String> collections() {
        return KEPT.stream().map(Kept::name).toList();
    }

    /** The same with their database. */
    static Set<CollectionName> kept() {
        return KEPT.stream()
                .map(kept -> new CollectionName("default", kept.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    void prepare() {
        for (Kept kept : KEPT) {
            milvus.createCollection(
                    kept.name(),
                    kept.schema(),
                    CollectionSettings.plain()
                            .withShards(kept.shards())
                            .withPartitionKeySlots(kept.tenants()));
            kept.partitions().stream()
                    .filter(partition -> !partition.isEmpty())
                    .forEach(partition -> milvus.createPartition(kept.name(), partition));
            milvus.indexVectors(kept.name());
            milvus.load(kept.name());
        }
    }

    /** Writes one batch; what Milvus refuses while it's down is counted and not written. */
    void step(int step) {
        Kept kept = KEPT.get(random.nextInt(KEPT.size()));
        int kind = random.nextInt(10);
        try {
            took(kept, kept.hasAutoId() ? writeAutoId(kept, kind, step) : write(kept, kind, step));
            Await.pause(PAUSE);
        } catch (RefusedException | StatusRuntimeException e) {
            refused.incrementAndGet();
            Await.pause(MixedWorkload.BACKOFF);
        }
    }

    private int write(Kept kept, int kind, int step) {
        int number = random.nextInt(kept.partitions().size());
        String partition = kept.partitions().get(number);
        SampleRows rows = rows(kept, kind, number, step);
        if (kind < INSERTS) {
            milvus.insert(kept.name(), partition, rows);
        } else if (kind < INSERTS + UPSERTS) {
            milvus.upsert(kept.name(), partition, rows);
        } else {
            milvus.delete(kept.name(), partition, rows.keyLiterals());
        }
        return rows.count();
    }

    private int writeAutoId(Kept kept, int kind, int step) {
        int count = 1 + random.nextInt(BATCH);
        if (kind < INSERTS + UPSERTS || autoIds.size() < count) {
            autoIds.addAll(
                    milvus.insertAutoId(
                            kept.name(), new SampleRows(kept.schema(), 0, count, step)));
            while (autoIds.size() > AUTO_IDS) {
                autoIds.remove();
            }
        } else {
            List<String> keys =
                    Stream.generate(autoIds::remove).limit(count).map(String::valueOf).toList();
            milvus.delete(kept.name(), "", keys);
        }
        return count;
    }

    /**
     * Writes rows with keys of their own as fast as Milvus takes them.
     *
     * @throws ServerException when it takes none for too long
     */
    void fill(int batches) {
        Kept kept = KEPT.get(0);
        for (int batch = 0; batch < batches; batch++) {
            fresh += FILL_BATCH;
            SampleRows rows = new SampleRows(kept.schema(), fresh, FILL_BATCH, batch);
            Await.until(
                    "the source to take rows",
                    Await.PATIENCE,
                    () -> {
                        milvus.insert(kept.name(), rows);
                        return true;
                    });
            took(kept, FILL_BATCH);
        }
    }

    private void took(Kept kept, int rows) {
        batches.get(kept.name()).incrementAndGet();
        written.addAndGet(rows);
    }

    /**
     * Which copy of a key a query shows is chance (Milvus 2.3.5, as soon as they are in several
     * segments): one collection has copies, and they are the same; in the others only upserts write
     * a key again, in one and the same partition.
     */
    private SampleRows rows(Kept kept, int kind, int partition, int step) {
        int count = 1 + random.nextInt(BATCH);
        if (kept.tenants() > 0) {
            return new SampleRows(kept.schema(), random.nextInt(KEYS), count, 0);
        }
        if (kind < INSERTS) {
            fresh += BATCH;
            return new SampleRows(kept.schema(), fresh, count, step);
        }
        long first = partition * PARTITION_KEYS + random.nextInt(KEYS);
        return new SampleRows(kept.schema(), first, count, step);
    }

    /** Batches that a collection has got so far, as far as Milvus has said so. */
    long batches(String collection) {
        return batches.get(collection).get();
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

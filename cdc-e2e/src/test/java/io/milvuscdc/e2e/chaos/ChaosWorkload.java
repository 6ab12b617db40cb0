// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.chaos;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/** Writes to the source what the chaos test replicates: a collection of two shards. */
final class ChaosWorkload {

    static final String COLLECTION = "chaos";
    static final int ROWS = 200_000;

    private static final int DIM = 128;
    private static final int BATCH = 2_000;
    private static final int BATCHES = ROWS / BATCH;
    private static final int UPSERTED = 100;
    private static final int DELETED = 200;
    private static final int WRITERS = 2;
    private static final Duration TAKEN = Await.PATIENCE;
    private static final Duration BETWEEN_TRICKLES = Duration.ofMillis(300);

    private final CollectionSchema schema = SampleSchemas.small(DIM);
    private final MilvusSession source;
    private final ReentrantLock writing = new ReentrantLock();

    ChaosWorkload(MilvusSession source) {
        this.source = source;
    }

    /** Makes the collection, loads it, and inserts rows that {@link #writeAll} deletes. */
    void prepare() {
        source.createCollection(COLLECTION, schema, CollectionSettings.plain().withShards(2));
        source.indexVectors(COLLECTION);
        source.load(COLLECTION);
        for (int batch = 0; batch < BATCHES; batch++) {
            source.insert(COLLECTION, passing(batch));
        }
    }

    /** Rows of short life: beyond the keys of those that stay. */
    private SampleRows passing(int batch) {
        return new SampleRows(schema, ROWS + (long) batch * DELETED, DELETED, 0);
    }

    /** Inserts all that stays, upserts some of it, and deletes what doesn't stay. */
    void writeAll() throws InterruptedException, ExecutionException {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> written = new ArrayList<>();
            for (int batch = 0; batch < BATCHES; batch++) {
                int number = batch;
                written.add(writers.submit(() -> write(number)));
            }
            for (Future<?> one : written) {
                one.get();
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private void write(int batch) {
        long first = (long) batch * BATCH;
        source.insert(COLLECTION, new SampleRows(schema, first, BATCH, 0));
        source.upsert(COLLECTION, new SampleRows(schema, first + batch, UPSERTED, 1));
        source.delete(COLLECTION, "", passing(batch).keyLiterals());
    }

    /**
     * Does something while no row is under way to the source's broker. A source whose broker is
     * killed sends such rows again, and shows some of them twice itself (seen with 2.3.5 on
     * Pulsar).
     */
    void whileNothingIsWritten(Runnable action) {
        writing.lock();
        try {
            action.run();
        } finally {
            writing.unlock();
        }
    }

    /** Upserts a few rows again and again until told to stop. */
    void trickle(AtomicBoolean stop) {
        for (int version = 2; !stop.get(); version++) {
            long first = version * 7_919L % (ROWS - UPSERTED);
            SampleRows rows = new SampleRows(schema, first, UPSERTED, version);
            writing.lock();
            try {
                // in vain for a while after the source's broker was killed
                Await.until(
                        "the source to take rows",
                        TAKEN,
                        () -> {
                            source.upsert(COLLECTION, rows);
                            return true;
                        });
            } finally {
                writing.unlock();
            }
            Await.pause(BETWEEN_TRICKLES);
        }
    }
}

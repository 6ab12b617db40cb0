// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.PairChecks;
import io.milvuscdc.e2e.queue.TargetTail;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A collection at the source of a pair that rows are written to, by one thread at a time, while
 * something happens to what replicates them.
 */
final class LiveRows implements AutoCloseable {

    private static final String COLLECTION = "rows";
    private static final CollectionSchema SCHEMA = SampleSchemas.small(8);
    private static final int BATCH = 50;
    private static final long ROWS_BEFORE = 3L * BATCH;
    private static final int MOST_TRIES = 4;
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final Duration BOUND = Await.PATIENCE;

    private final MilvusPair pair;
    private final MilvusSession session;
    private final AtomicLong written = new AtomicLong();

    /** What happens meanwhile. */
    @FunctionalInterface
    interface Event {
        void happen() throws Exception;
    }

    LiveRows(MilvusPair pair) {
        this.pair = pair;
        this.session = MilvusSession.open(pair.source().uri());
    }

    /** Makes the collection. */
    void create() {
        session.createCollection(COLLECTION, SCHEMA, CollectionSettings.plain().withShards(2));
        session.indexVectors(COLLECTION);
        session.load(COLLECTION);
    }

    /** Writes some. */
    void write() {
        session.insert(COLLECTION, new SampleRows(SCHEMA, written.get(), BATCH, 0));
        written.addAndGet(BATCH);
    }

    /** Writes some more; returns when source and target are equal. */
    void writeUntilEqual() {
        write();
        PairChecks.awaitEqual(pair, BOUND);
    }

    /** Rows before, during and after the event; returns when source and target are equal. */
    void during(Event event) throws Exception {
        long before = written.get();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(
                        () -> {
                            while (!stop.get()) {
                                write();
                                Await.pause(BETWEEN);
                            }
                        });
        try {
            Await.until(
                    "some rows to be written", BOUND, () -> written.get() >= before + ROWS_BEFORE);
            event.happen();
        } finally {
            stop.set(true);
            writer.join();
        }
        writeUntilEqual();
    }

    /** As {@link #during}, when rows have been sent to the target that no tick has reached yet. */
    void aheadOfTicks(Event event) throws Exception {
        during(
                () -> {
                    try (TargetTail tail =
                            new TargetTail(
                                    pair.kafka().bootstrapServers(),
                                    pair.target().options().name())) {
                        tail.awaitRowsAheadOfTicks();
                        event.happen();
                    }
                });
    }

    /**
     * As {@link #aheadOfTicks}, again and again until the event had rows sent once more. It doesn't
     * when it strikes just as the checkpoint that has them is complete.
     */
    void untilSentAgain(Event event) throws Exception {
        long before = sentAgain();
        long now = before;
        for (int tries = 0; tries < MOST_TRIES && now == before; tries++) {
            aheadOfTicks(event);
            now = sentAgain();
        }
        assertThat(now).as("messages sent once more").isGreaterThan(before);
    }

    /** Messages that the target has a copy of. */
    private long sentAgain() {
        return PairChecks.verdict(pair).droppedCopies();
    }

    @Override
    public void close() {
        session.close();
    }
}

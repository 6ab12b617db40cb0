// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.measure;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.queue.QueueReadException;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.queue.VisibleLag;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.SourceQueue;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Measures how long rows take to be visible at the target while they are written at a steady rate:
 * 1,000 rows of 128 floats a second, in batches of 100. Needs a running replication between the two
 * of a pair; {@link #main} starts everything itself.
 */
public final class LagMeter {

    private static final int DIM = 128;
    private static final int BATCH = 100;
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(100);
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration VISIBLE_BOUND = Await.PATIENCE;

    private final MilvusPair pair;

    public LagMeter(MilvusPair pair) {
        this.pair = pair;
    }

    /**
     * Starts servers and the built distribution, measures, and prints one line.
     *
     * @param args seconds to measure (60), checkpoint interval as in cdc.yaml (500ms), the source's
     *     queue (kafka)
     */
    public static void main(String[] args) {
        Duration length = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 60);
        String interval = args.length > 1 ? args[1] : "500ms";
        SourceQueue queue = SourceQueue.named(args.length > 2 ? args[2] : "kafka");
        try (MeasuredReplication replication = MeasuredReplication.start("lag", interval, queue)) {
            LagMeter meter = new LagMeter(replication.pair());
            System.out.println(
                    queue + ", checkpoint interval " + interval + ", " + meter.measure(length));
        }
    }

    /**
     * Makes collection {@code lag} at the source, writes to it, first a while to warm up, and
     * measures.
     */
    public VisibleLag measure(Duration length) {
        CollectionSchema schema = SampleSchemas.small(DIM);
        try (MilvusSession source = MilvusSession.open(pair.source().uri())) {
            source.createCollection(
                    "lag", schema, MilvusSession.CollectionSettings.plain().withShards(2));
            long key = write(source, schema, 0, WARM_UP);
            long since = System.currentTimeMillis();
            write(source, schema, key, length);
            return visibleLag(since);
        }
    }

    /** Writes at the steady rate and returns the next key. */
    private static long write(
            MilvusSession source, CollectionSchema schema, long firstKey, Duration length) {
        long key = firstKey;
        long batches = length.dividedBy(BETWEEN_BATCHES);
        long start = System.nanoTime();
        for (long batch = 0; batch < batches; batch++) {
            long due = start + batch * BETWEEN_BATCHES.toNanos();
            Await.pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            source.insert("lag", new SampleRows(schema, key, BATCH, 0));
            key += BATCH;
        }
        return key;
    }

    private VisibleLag visibleLag(long sinceMillis) {
        AtomicReference<VisibleLag> lag = new AtomicReference<>();
        try (QueueReader source = QueueReader.of(pair.broker().queue());
                QueueReader target = QueueReader.of(pair.kafka().queue())) {
            Await.until(
                    "the last row to be visible at the target",
                    VISIBLE_BOUND,
                    () -> {
                        lag.set(read(source, target, sinceMillis));
                        return true;
                    });
        }
        return lag.get();
    }

    /**
     * @throws QueueReadException when rows aren't visible yet
     */
    private VisibleLag read(QueueReader source, QueueReader target, long sinceMillis) {
        return VisibleLag.of(
                source.readAll(pair.source().options().name()),
                target.readAll(pair.target().options().name()),
                sinceMillis);
    }
}

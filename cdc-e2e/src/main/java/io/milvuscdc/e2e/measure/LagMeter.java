// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.measure;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.queue.QueueReadException;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.queue.VisibleLag;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
    private static final Duration VISIBLE_BOUND = Duration.ofSeconds(30);

    private final MilvusPair pair;

    public LagMeter(MilvusPair pair) {
        this.pair = pair;
    }

    /**
     * Starts servers and the built distribution, measures, and prints one line.
     *
     * @param args seconds to measure (60), checkpoint interval as in cdc.yaml (500ms)
     */
    public static void main(String[] args) {
        Duration length = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 60);
        String interval = args.length > 1 ? args[1] : "500ms";
        Path directory = ServerDirectory.of("lag");
        try (MilvusPair pair = MilvusPair.start(ServerCache.fetch(), directory);
                ControlPlane plane =
                        ControlPlane.start(
                                new FreePorts(),
                                directory.resolve("cdc"),
                                pair.source(),
                                Map.of("checkpointInterval", interval),
                                Map.of())) {
            new CdcClient(plane.apiUrl()).createForEverything(pair.target().uri(), false);
            System.out.println(
                    "checkpoint interval " + interval + ", " + new LagMeter(pair).measure(length));
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
        try (QueueReader queues = new QueueReader(pair.kafka().bootstrapServers())) {
            Await.until(
                    "the last row to be visible at the target",
                    VISIBLE_BOUND,
                    () -> {
                        lag.set(read(queues, sinceMillis));
                        return true;
                    });
        }
        return lag.get();
    }

    /**
     * @throws QueueReadException when rows aren't visible yet
     */
    private VisibleLag read(QueueReader queues, long sinceMillis) {
        return VisibleLag.of(
                queues.readAll(queues.pchannels(pair.source().options().name())),
                queues.readAll(queues.pchannels(pair.target().options().name())),
                sinceMillis);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.measure;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.e2e.queue.KafkaQueueReader;
import io.milvuscdc.e2e.queue.QueuedMessage;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.SourceQueue;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures how fast a backlog is caught up: pauses the task, writes rows of 128 floats to the
 * source, resumes the task, and sees when the rows arrive in the target's topics. Does it several
 * times in one control plane, so that the later rounds find a warm JVM.
 */
public final class CatchUpMeter {

    private static final int DIM = 128;
    private static final int BATCH = 4_000;
    private static final int SHARDS = 2;
    private static final int WRITERS = 2;
    private static final String COLLECTION = "catch_up";
    private static final Duration BOUND = Await.PATIENCE;

    private final MeasuredReplication replication;
    private final CollectionSchema schema = SampleSchemas.small(DIM);

    private CatchUpMeter(MeasuredReplication replication) {
        this.replication = replication;
    }

    /**
     * Starts servers and the built distribution, measures, and prints a line per round.
     *
     * @param args rows per round (200000), rounds (4), the source's queue (kafka)
     */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        SourceQueue queue = SourceQueue.named(args.length > 2 ? args[2] : "kafka");
        try (MeasuredReplication replication =
                        MeasuredReplication.start("catch-up", "500ms", queue);
                MilvusSession source = MilvusSession.open(replication.pair().source().uri())) {
            CatchUpMeter meter = new CatchUpMeter(replication);
            source.createCollection(
                    COLLECTION,
                    meter.schema,
                    MilvusSession.CollectionSettings.plain().withShards(SHARDS));
            Set<String> pchannels = meter.awaitPchannels(source);
            for (int round = 0; round < rounds; round++) {
                System.out.println(
                        queue
                                + ", round "
                                + (round + 1)
                                + ": "
                                + meter.round(source, pchannels, round, rows));
            }
        }
    }

    /** The pchannels of the target that the collection is in, known once rows are in them. */
    private Set<String> awaitPchannels(MilvusSession source) {
        source.insert(COLLECTION, new SampleRows(schema, -BATCH, BATCH, 0));
        Set<String> pchannels = new TreeSet<>();
        try (KafkaQueueReader queues = queues()) {
            Await.until(
                    "the first rows to arrive at the target",
                    BOUND,
                    () -> {
                        queues.readAll(queues.pchannels(target())).values().stream()
                                .flatMap(List::stream)
                                .filter(QueuedMessage::hasRows)
                                .forEach(message -> pchannels.add(message.topic()));
                        return pchannels.size() == SHARDS;
                    });
        }
        return pchannels;
    }

    private String round(MilvusSession source, Set<String> pchannels, int round, int rows)
            throws InterruptedException, ExecutionException {
        replication.pause();
        write(source, (long) round * rows, rows);
        long written = Tso.of(System.currentTimeMillis(), 0);
        try (KafkaQueueReader arrivals = queues();
                KafkaQueueReader ends = queues()) {
            arrivals.follow(pchannels);
            long resumed = System.currentTimeMillis();
            replication.resume();
            // what arrived is read afterwards: to read it now would cost the job its CPU
            Await.until("the catch-up", BOUND, () -> ends.endWithTick(pchannels, written));
            return result(arrivals, rows, resumed);
        }
    }

    private static String result(KafkaQueueReader arrivals, int rows, long resumed) {
        long arrived = 0;
        LongSummaryStatistics times = new LongSummaryStatistics();
        while (arrived < rows) {
            for (QueuedMessage message : arrivals.poll()) {
                if (message.hasRows()) {
                    times.accept(message.appendMillis());
                    arrived += message.rows();
                }
            }
        }
        long millis = times.getMax() - times.getMin();
        return "%d rows in %d ms, %d rows/s; the first %d ms after the request to resume"
                .formatted(
                        arrived,
                        millis,
                        arrived * 1000 / Math.max(1, millis),
                        times.getMin() - resumed);
    }

    private void write(MilvusSession source, long firstKey, int rows)
            throws InterruptedException, ExecutionException {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> written = new ArrayList<>();
            for (int done = 0; done < rows; done += BATCH) {
                SampleRows batch =
                        new SampleRows(schema, firstKey + done, Math.min(BATCH, rows - done), 0);
                written.add(writers.submit(() -> source.insert(COLLECTION, batch)));
            }
            for (Future<?> one : written) {
                one.get();
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private KafkaQueueReader queues() {
        return new KafkaQueueReader(replication.pair().kafka().bootstrapServers());
    }

    private String target() {
        return replication.pair().target().options().name();
    }
}

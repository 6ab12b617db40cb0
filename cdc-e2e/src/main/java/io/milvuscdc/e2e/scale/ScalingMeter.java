// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import io.milvuscdc.connectors.source.KafkaQueue;
import io.milvuscdc.control.cluster.ClusterException;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.EtcdServer;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.KafkaServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.job.TaskSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Measures how the speed of a catch-up grows with parallelism and pchannels when the target isn't
 * what bounds it.
 *
 * <p>Real are the job, with all of its operators, checkpoints and time ticks, in the Flink that the
 * control plane has inside; the broker (Kafka, zstd); and etcd. Simulated is the target: it takes
 * every request at once and answers it after a fixed delay, so it has no limit of its own, unlike a
 * Milvus. Prepared are the messages and what etcd holds. Rows count when they have arrived at the
 * target. Broker, target and job share the machine's cores, so what a job could do with all of them
 * is more than what is seen.
 */
public final class ScalingMeter implements AutoCloseable {

    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final Duration SAMPLE = Duration.ofMillis(500);
    private static final int WARM_UP_PARALLELISM = 2;

    private final ScalingPlan plan;
    private final FreePorts ports = new FreePorts();
    private final Path directory;
    private final EtcdServer etcd;
    private final KafkaServer kafka;
    private final MeteredJobs jobs;

    private ScalingMeter(ScalingPlan plan) throws ClusterException, InterruptedException {
        this.plan = plan;
        this.directory = ServerDirectory.of("scaling");
        ServerCache cache = ServerCache.fetch();
        this.etcd = EtcdServer.start(cache, ports, directory.resolve("etcd"));
        this.kafka = KafkaServer.start(cache, ports, directory.resolve("kafka"));
        this.jobs = MeteredJobs.start(directory.resolve("flink"));
    }

    /**
     * Starts everything, measures, and prints a line of a table for every combination.
     *
     * @param args delays of the target in ms, pchannels and parallelisms (each a list with commas),
     *     seconds of a measurement, MiB of each source's backlog, rows per insert, checkpoint
     *     interval in ms, properties of the Kafka consumers (key=value, with commas; may be empty),
     *     the file for the table
     */
    public static void main(String[] args)
            throws IOException, ClusterException, InterruptedException, ExecutionException {
        ScalingPlan plan = ScalingPlan.of(args);
        try (ScalingMeter meter = new ScalingMeter(plan)) {
            List<Measurement> measurements = meter.measure();
            Files.writeString(plan.table(), ScalingTable.of(measurements));
        }
    }

    private List<Measurement> measure()
            throws ClusterException, InterruptedException, ExecutionException {
        Map<Integer, Backlog> backlogs = new TreeMap<>();
        for (SourceLayout layout : plan.layouts()) {
            SourceMetadata.write(etcd.endpoint(), layout);
            Backlog backlog =
                    Backlog.write(
                            kafka.bootstrapServers(),
                            layout,
                            plan.rowsPerMessage(),
                            plan.backlogBytes());
            backlogs.put(layout.pchannels(), backlog);
            System.out.printf(
                    "%d pchannels: %d rows in %d inserts of %d bytes%n",
                    layout.pchannels(),
                    backlog.rows(),
                    backlog.messages(),
                    backlog.bytes() / backlog.messages());
        }
        List<Measurement> measurements = new ArrayList<>();
        for (long delay : plan.delaysMillis()) {
            try (SimulatedTarget target =
                    SimulatedTarget.start(
                            ports, directory.resolve("target-" + delay), delay, plan.layouts())) {
                // compiles what is to be measured, at both ends
                measure(target, backlogs.values().iterator().next(), WARM_UP_PARALLELISM);
                System.out.print(ScalingTable.head());
                for (Backlog backlog : backlogs.values()) {
                    for (int parallelism : plan.parallelisms()) {
                        Measurement measured = measure(target, backlog, parallelism);
                        System.out.print(ScalingTable.line(measured));
                        measurements.add(measured);
                    }
                }
            }
        }
        return measurements;
    }

    private Measurement measure(SimulatedTarget target, Backlog backlog, int parallelism)
            throws ClusterException, InterruptedException {
        TaskSpec spec =
                MeteredJobs.spec(
                        backlog.layout(),
                        new KafkaQueue(kafka.bootstrapServers(), plan.consumer()),
                        etcd,
                        target.uri(),
                        plan);
        TargetCounts before = target.counts();
        jobs.submit(spec, parallelism);
        Await.until(
                "the job's first rows",
                Await.PATIENCE,
                () -> target.counts().inserts() > before.inserts(),
                jobs::failure);
        Await.pause(SETTLE);
        TargetCounts first = target.counts();
        CpuTimes begin = cpu(target);
        TargetCounts last = first;
        CpuTimes end = begin;
        while (end.at() - begin.at() < plan.length().toNanos()) {
            Await.pause(SAMPLE);
            TargetCounts now = target.counts();
            if (now.minus(before).inserts() >= backlog.messages()) {
                break;
            }
            last = now;
            end = cpu(target);
        }
        jobs.failure()
                .ifPresent(
                        failure -> {
                            throw new IllegalStateException("nothing was measured: " + failure);
                        });
        long liveHeap = liveHeap();
        jobs.cancel();
        if (end.at() == begin.at()) {
            throw new IllegalStateException(
                    "The backlog was gone before it could be measured: make it larger");
        }
        TargetCounts arrived = last.minus(first);
        return new Measurement(
                target.delayMillis(),
                backlog.layout().pchannels(),
                parallelism,
                arrived.inserts() * backlog.rowsPerMessage(),
                arrived,
                end.since(begin),
                liveHeap,
                Runtime.getRuntime().availableProcessors());
    }

    private CpuTimes cpu(SimulatedTarget target) {
        return CpuTimes.now(kafka.process().pid(), target.pid());
    }

    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Override
    public void close() throws ClusterException {
        jobs.close();
        kafka.close();
        etcd.close();
    }
}

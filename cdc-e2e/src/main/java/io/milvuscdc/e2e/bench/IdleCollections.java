// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.e2e.servers.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** What many collections cost in which nothing happens. */
final class IdleCollections {

    private static final Duration WATCHED = Duration.ofSeconds(30);

    private IdleCollections() {}

    static void measure(BenchOptions options, Report report) throws Exception {
        Shape shape = new Shape(8, 1, options.collections());
        String of = "%,d idle collections".formatted(options.collections());
        try (BenchServers servers = BenchServers.start("bench", options.queue());
                Replication replication = servers.replicate(Map.of())) {
            long began = System.currentTimeMillis();
            try (ShapeRun run = ShapeRun.start(servers, replication, shape)) {
                add(
                        report,
                        of,
                        "to make them at the source and the target, with rows",
                        "s",
                        (System.currentTimeMillis() - began) / 1e3,
                        "both Milvus, one collection after the other");
                measure(servers, replication, run, of, report);
            }
        }
    }

    private static void measure(
            BenchServers servers, Replication replication, ShapeRun run, String of, Report report)
            throws IOException {
        CpuUse use;
        ShapeRun.Places before = run.places();
        try (CpuSampler sampler = CpuSampler.of(servers.pids(replication))) {
            Await.pause(WATCHED);
            use = sampler.all();
        }
        add(
                report,
                of,
                "CPU of the tool",
                "% of one",
                100 * use.seconds().get("tool") / use.wallSeconds(),
                use.bound("nothing to do"));
        add(
                report,
                of,
                "ticks to the target",
                "/s",
                run.arrivedSince(before) / use.wallSeconds(),
                "pchannels times checkpoints");
        add(
                report,
                of,
                "resident memory",
                "MiB",
                replication.residentMebibytes(),
                "the heap's size");
        run.workload().touch();
        long written = Tso.of(System.currentTimeMillis(), 0);
        long restarted = System.currentTimeMillis();
        replication.restart();
        run.awaitTick(written);
        add(
                report,
                of,
                "from a kill to the ticks behind rows in all of them",
                "ms",
                (double) System.currentTimeMillis() - restarted,
                "the start of a JVM and of Flink");
    }

    private static void add(
            Report report, String of, String what, String unit, double value, String bound) {
        report.add(Part.IDLE.toString(), of, what, unit, value, bound);
    }
}

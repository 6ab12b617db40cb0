// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What ticks cost the target while it is handed a backlog: the same plain calls with ticks from
 * often to only at the end, and the CPU time that the target took until it had done all of its
 * work.
 */
final class TickCadence {

    private static final double HUNDRED_MB = 100e6;

    /** The last is longer than sending takes: one tick, at the end. */
    private static final List<Duration> CADENCES =
            List.of(
                    Duration.ofMillis(200),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(2),
                    Duration.ofHours(1));

    private final List<Double> rows = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();

    private TickCadence() {}

    static void measure(BenchOptions options, Report report) throws Exception {
        Map<Duration, TickCadence> measured = new LinkedHashMap<>();
        CADENCES.forEach(cadence -> measured.put(cadence, new TickCadence()));
        try (BenchServers servers = BenchServers.start("bench", options.queue());
                Replication replication = servers.replicate(Map.of());
                ShapeRun run = ShapeRun.start(servers, replication, Shape.USUAL);
                PlainCalls calls = PlainCalls.open(servers.target(), "ticked", Shape.USUAL)) {
            replication.pause();
            for (int round = 0; round <= options.rounds(); round++) {
                for (Duration cadence : CADENCES) {
                    // rows of their own each time: a tick must be newer than the last
                    ShapeRun.Backlog backlog = run.write(options.rows());
                    PlainCalls.Prepared prepared =
                            calls.prepare(run.messages(backlog), PlainCalls.REQUEST_BYTES);
                    try (CpuSampler sampler = CpuSampler.of(servers.pids(replication))) {
                        Throughput sent =
                                run.plainCalls(calls, () -> calls.sendWithTicks(prepared, cadence));
                        run.awaitCalm();
                        if (round > 0) {
                            measured.get(cadence).add(sent, sampler.all());
                        }
                    }
                }
            }
        }
        measured.forEach((cadence, figures) -> figures.report(cadence, report));
    }

    private void add(Throughput sent, CpuUse use) {
        rows.add(sent.rowsPerSecond());
        cpu.add(use.seconds().get("target") * HUNDRED_MB / sent.bytes());
    }

    private void report(Duration cadence, Report report) {
        String part = Part.TICKS.toString();
        String of =
                cadence.toMinutes() > 0
                        ? "plain calls, a tick at the end"
                        : "plain calls, a tick every %d ms".formatted(cadence.toMillis());
        report.add(new Figure(part, of, "sent", "rows/s", rows, "the target"));
        report.add(
                new Figure(
                        part,
                        of,
                        "CPU of the target per 100 MB, until it rests",
                        "s",
                        cpu,
                        "its own work"));
    }
}

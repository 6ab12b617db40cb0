// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.queue.VisibleLag;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long a row takes to be visible, at 1,000 rows a second, for each way to set it up. */
final class LiveLag {

    private static final int ROWS_A_SECOND = 1_000;
    private static final Duration WARM_UP = Duration.ofSeconds(20);

    private LiveLag() {}

    static void measure(BenchOptions options, Report report) throws Exception {
        Map<String, Map<String, String>> settings = new LinkedHashMap<>();
        settings.put("default (checkpoints every 400 ms)", Map.of());
        settings.put("checkpoints every 200 ms", Map.of("checkpointInterval", "200ms"));
        settings.put("at-least-once", Map.of("deliveryGuarantee", "at-least-once"));
        try (BenchServers servers = BenchServers.start("bench", options.queue())) {
            for (Map.Entry<String, Map<String, String>> setting : settings.entrySet()) {
                try (Replication replication = servers.replicate(setting.getValue());
                        ShapeRun run = ShapeRun.start(servers, replication, Shape.USUAL)) {
                    ShapeRun.Live live = run.live(ROWS_A_SECOND, WARM_UP, options.seconds());
                    report(setting.getKey(), live, report);
                    CheckpointFigures checkpoints = new CheckpointFigures();
                    checkpoints.add(replication.checkpoints());
                    checkpoints.report(Part.LAG.toString(), setting.getKey(), report);
                    report.add(
                            Part.LAG.toString(),
                            setting.getKey(),
                            "resident memory",
                            "MiB",
                            replication.residentMebibytes(),
                            "the heap's size");
                }
            }
        }
    }

    private static void report(String setting, ShapeRun.Live live, Report report) {
        add(report, Part.LAG.toString(), setting, live, "the checkpoint interval");
    }

    /** Adds the figures of a live measurement. */
    static void add(Report report, String part, String of, ShapeRun.Live live, String otherwise) {
        VisibleLag lag = live.lag();
        String bound = live.use().bound(otherwise);
        report.add(part, of, "rows written", "rows/s", live.rowsPerSecond(), "the writer");
        VisibleLag atSource = live.atSource();
        String source = "the source's ticks";
        report.add(
                part,
                of,
                "of it, at the source p50",
                "ms",
                (double) atSource.percentile(50),
                source);
        report.add(
                part,
                of,
                "of it, at the source p99",
                "ms",
                (double) atSource.percentile(99),
                source);
        report.add(part, of, "visible lag p50", "ms", (double) lag.percentile(50), bound);
        report.add(part, of, "visible lag p99", "ms", (double) lag.percentile(99), bound);
        report.add(part, of, "visible lag at most", "ms", (double) lag.percentile(100), bound);
    }
}

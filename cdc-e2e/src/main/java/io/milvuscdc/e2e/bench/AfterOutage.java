// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.queue.VisibleLag;
import java.time.Duration;
import java.util.Map;

/** How long it takes until rows are visible as fast as ever after the control plane was away. */
final class AfterOutage {

    private static final int ROWS_A_SECOND = 1_000;
    private static final Duration AFTERWARDS = Duration.ofSeconds(60);
    private static final Duration USUAL_LAG = Duration.ofSeconds(2);

    private AfterOutage() {}

    static void measure(BenchOptions options, Report report) throws Exception {
        try (BenchServers servers = BenchServers.start("bench", options.queue());
                Replication replication = servers.replicate(Map.of());
                ShapeRun run = ShapeRun.start(servers, replication, Shape.USUAL)) {
            ShapeRun.Places before = run.places();
            long down = System.currentTimeMillis();
            replication.plane().process().kill9();
            run.workload().steadily(ROWS_A_SECOND, options.outage());
            long up = System.currentTimeMillis();
            replication.plane().launch();
            try (CpuSampler sampler = CpuSampler.of(servers.pids(replication))) {
                run.workload().steadily(ROWS_A_SECOND, AFTERWARDS);
                CpuUse use = sampler.all();
                VisibleLag lag = run.lag(before, down);
                report.add(
                        Part.OUTAGE.toString(),
                        "%d s down, %,d rows/s"
                                .formatted(options.outage().toSeconds(), ROWS_A_SECOND),
                        "from its start until every new row is visible within 2 s",
                        "ms",
                        (double) lag.settledMillis(USUAL_LAG) - up,
                        use.bound("the target, one message at a time per pchannel"));
                report.add(
                        Part.OUTAGE.toString(),
                        "%d s down, %,d rows/s"
                                .formatted(options.outage().toSeconds(), ROWS_A_SECOND),
                        "rows behind",
                        "rows",
                        (double) lag.rowsSlowerThan(USUAL_LAG),
                        "the outage");
            }
        }
    }
}

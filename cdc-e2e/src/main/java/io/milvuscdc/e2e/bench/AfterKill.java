// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.queue.VisibleLag;
import io.milvuscdc.e2e.servers.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** From a kill -9 of the control plane, which is started again at once, to the first new row. */
final class AfterKill {

    private static final int ROWS_A_SECOND = 1_000;
    private static final Duration BEFORE = Duration.ofSeconds(10);
    private static final Duration WRITING = Duration.ofSeconds(40);

    private AfterKill() {}

    static void measure(BenchOptions options, Report report) throws Exception {
        List<Double> firstRow = new ArrayList<>();
        List<Double> slowest = new ArrayList<>();
        try (BenchServers servers = BenchServers.start("bench", options.queue());
                Replication replication = servers.replicate(Map.of());
                ShapeRun run = ShapeRun.start(servers, replication, Shape.USUAL)) {
            ExecutorService writer = Executors.newSingleThreadExecutor();
            try {
                for (int round = 0; round < options.rounds(); round++) {
                    ShapeRun.Places before = run.places();
                    Future<Double> writing =
                            writer.submit(() -> run.workload().steadily(ROWS_A_SECOND, WRITING));
                    Await.pause(BEFORE);
                    long killed = System.currentTimeMillis();
                    replication.restart();
                    writing.get();
                    VisibleLag lag = run.lag(before, killed);
                    firstRow.add((double) lag.firstVisibleMillis() - killed);
                    slowest.add((double) lag.percentile(100));
                }
            } finally {
                writer.shutdownNow();
            }
        }
        String part = Part.KILL.toString();
        String of = "kill -9 of the control plane, %,d rows/s".formatted(ROWS_A_SECOND);
        String bound = "the start of a JVM and of Flink";
        report.add(
                new Figure(part, of, "from the kill to the first new row", "ms", firstRow, bound));
        report.add(new Figure(part, of, "lag of the slowest row after it", "ms", slowest, bound));
    }
}

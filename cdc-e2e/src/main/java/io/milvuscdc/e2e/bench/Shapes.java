// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Ceiling, catch-up, and lag at three loads, for small and large vectors, few and many channels.
 */
final class Shapes {

    private static final List<Shape> ALL =
            List.of(
                    new Shape(128, 1, 1),
                    new Shape(768, 1, 1),
                    new Shape(128, 16, 1),
                    new Shape(768, 16, 1),
                    new Shape(128, 1, 50),
                    new Shape(768, 1, 50),
                    new Shape(128, 16, 50),
                    new Shape(768, 16, 50));

    private static final int ROUNDS = 3;
    private static final List<Integer> LOADS = List.of(25, 50, 75);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration LENGTH = Duration.ofSeconds(20);

    private Shapes() {}

    /** Those with a text in their names. */
    static List<Shape> named(String text) {
        return ALL.stream().filter(shape -> shape.toString().contains(text)).toList();
    }

    static void measure(BenchOptions options, Report report) throws Exception {
        for (Shape shape : named(options.shapes())) {
            // all anew: what the target still does with the rows of the last shape would count
            try (BenchServers servers = BenchServers.start("bench", options.queue());
                    Replication replication = servers.replicate(Map.of());
                    ShapeRun run = ShapeRun.start(servers, replication, shape)) {
                int rows = shape.rowsOf((long) options.rows() * Shape.USUAL.dim() * Float.BYTES);
                CatchUp caughtUp = CatchUp.rounds(servers, run, shape, ROUNDS, rows);
                caughtUp.report(Part.SHAPES.toString(), shape, report);
                for (int load : LOADS) {
                    LiveLag.add(
                            report,
                            Part.SHAPES.toString(),
                            "%s, at %d %% of the catch-up".formatted(shape, load),
                            run.live(caughtUp.rowsPerSecond() / 100 * load, WARM_UP, LENGTH),
                            "the checkpoint interval");
                }
            }
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How fast a backlog is caught up, next to the ceiling: in every round the same messages go to the
 * target first by plain calls, then by the task.
 */
final class CatchUp {

    private static final double HUNDRED_MB = 100e6;

    /** About as often as a task lets the target show what it has. */
    private static final Duration BETWEEN_TICKS = Duration.ofMillis(500);

    private final List<Double> plain = new ArrayList<>();
    private final List<Double> ticked = new ArrayList<>();
    private final List<Double> shareOfTicked = new ArrayList<>();
    private final List<Double> caughtUp = new ArrayList<>();
    private final List<Double> share = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> megabytes = new ArrayList<>();
    private final List<Double> firstRow = new ArrayList<>();
    private final CheckpointFigures checkpoints = new CheckpointFigures();
    private String bound = "";

    private CatchUp() {}

    static void measure(BenchOptions options, Report report) throws Exception {
        try (BenchServers servers = BenchServers.start("bench", options.queue());
                Replication replication = servers.replicate(Map.of());
                ShapeRun run =
                        ShapeRun.start(servers, replication, Shape.USUAL, options.insertRows())) {
            rounds(servers, run, Shape.USUAL, options.rounds(), options.rows())
                    .report(Part.CATCHUP.toString(), Shape.USUAL, report);
            report.add(
                    Part.CATCHUP.toString(),
                    Shape.USUAL.toString(),
                    "resident memory after it",
                    "MiB",
                    replication.residentMebibytes(),
                    "the heap's size");
        }
    }

    /** Measures so many rounds after one that warms up. */
    static CatchUp rounds(BenchServers servers, ShapeRun run, Shape shape, int rounds, int rows)
            throws Exception {
        CatchUp measured = new CatchUp();
        try (PlainCalls plain = PlainCalls.open(servers.target(), "plain", shape);
                PlainCalls ticked = PlainCalls.open(servers.target(), "ticked", shape)) {
            for (int round = 0; round <= rounds; round++) {
                ShapeRun.Backlog backlog = run.fill(rows);
                List<ChannelMessage> messages = run.messages(backlog);
                PlainCalls.Prepared first = plain.prepare(messages, PlainCalls.REQUEST_BYTES);
                Throughput ceiling = run.plainCalls(plain, () -> plain.send(first));
                Throughput withTicks = new Throughput();
                // one that shares pchannels with the task mustn't tick ahead of the task's rows
                if (ticked.isApartFrom(run.pchannels())) {
                    PlainCalls.Prepared second = ticked.prepare(messages, PlainCalls.REQUEST_BYTES);
                    withTicks =
                            run.plainCalls(
                                    ticked, () -> ticked.sendWithTicks(second, BETWEEN_TICKS));
                }
                ShapeRun.CaughtUp caughtUp = run.catchUp(backlog);
                plain.tick(first, run.pchannels());
                System.out.printf(
                        "%s, round %d: plain calls %,.0f rows/s, with ticks %,.0f, catch-up %,.0f%n",
                        shape,
                        round,
                        ceiling.rowsPerSecond(),
                        withTicks.rowsPerSecond(),
                        caughtUp.rows().rowsPerSecond());
                if (round > 0) {
                    measured.add(ceiling, withTicks, caughtUp);
                }
            }
        }
        return measured;
    }

    private void add(Throughput ceiling, Throughput withTicks, ShapeRun.CaughtUp round) {
        Throughput rows = round.rows();
        plain.add(ceiling.rowsPerSecond());
        if (withTicks.rows() > 0) {
            ticked.add(withTicks.rowsPerSecond());
            shareOfTicked.add(100 * rows.rowsPerSecond() / withTicks.rowsPerSecond());
        }
        caughtUp.add(rows.rowsPerSecond());
        share.add(100 * rows.rowsPerSecond() / ceiling.rowsPerSecond());
        megabytes.add(rows.megabytesPerSecond());
        cpu.add(round.use().seconds().get("tool") * HUNDRED_MB / rows.bytes());
        checkpoints.add(round.checkpoints());
        firstRow.add((double) rows.first() - round.resumedMillis());
        bound = round.use().bound("the target's answers, one request at a time per pchannel");
    }

    /** Rows a second of the median round. */
    int rowsPerSecond() {
        return (int) Figure.median(caughtUp);
    }

    void report(String part, Shape shape, Report report) {
        String of = shape.toString();
        report.add(new Figure(part, of, "plain calls", "rows/s", plain, "the target"));
        if (!ticked.isEmpty()) {
            report.add(
                    new Figure(part, of, "plain calls with ticks", "rows/s", ticked, "the target"));
        }
        report.add(new Figure(part, of, "catch-up", "rows/s", caughtUp, bound));
        report.add(new Figure(part, of, "catch-up", "MB/s", megabytes, bound));
        report.add(new Figure(part, of, "of the plain calls", "%", share, bound));
        if (!ticked.isEmpty()) {
            report.add(
                    new Figure(
                            part, of, "of the plain calls with ticks", "%", shareOfTicked, bound));
        }
        report.add(new Figure(part, of, "CPU per 100 MB", "s", cpu, "its own work"));
        checkpoints.report(part, of, report);
        report.add(
                new Figure(
                        part,
                        of,
                        "from the request to resume to the first row",
                        "ms",
                        firstRow,
                        "Flink's start of a job"));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.quickstart;

import io.grpc.StatusRuntimeException;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusReadException;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Starts a source and a target Milvus with what they need, replicates one into the other, changes
 * the source and shows both until they are equal. Stays up until it's interrupted, or, with {@code
 * --check}, ends with 0 when they became equal and with 1 when not.
 */
public final class Quickstart {

    private static final Duration EQUAL_BOUND = Await.PATIENCE;
    private static final Duration REFRESH = Duration.ofSeconds(1);
    private static final int WRONG_USAGE = 2;
    private static final int FAILED = 1;
    private static final int TERMINATED = 143;

    private final QuickstartOptions options;
    private final Progress progress = new Progress(System.out);
    private final Screen screen;

    private Quickstart(QuickstartOptions options) {
        this.options = options;
        this.screen = new Screen(System.out, options.terminal());
    }

    /** Runs it; the options are those of {@code deploy/quickstart.sh}. */
    public static void main(String[] args) {
        // gRPC's remarks on its transport aren't for people who watch a demonstration
        Logger.getLogger("").setLevel(Level.WARNING);
        QuickstartOptions options;
        try {
            options = QuickstartOptions.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(WRONG_USAGE);
            return;
        }
        System.exit(run(options));
    }

    private static int run(QuickstartOptions options) {
        try {
            return new Quickstart(options).run() ? 0 : FAILED;
        } catch (Exception e) {
            System.err.println("The quickstart failed: " + e.getMessage());
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                System.err.println("  because: " + cause.getMessage());
            }
            return FAILED;
        }
    }

    private boolean run() throws Exception {
        ServerCache cache = ServerCache.fetchFor(options.queue());
        Path directory = ServerDirectory.of("quickstart");
        try (MilvusPair pair =
                        progress.during(
                                "Starting etcd, " + brokers() + ", source and target Milvus",
                                () -> MilvusPair.start(cache, directory, options.queue()));
                MilvusSession source = MilvusSession.open(pair.source().uri())) {
            DemoWorkload workload = new DemoWorkload(source, options.rows());
            progress.during(
                    "Writing " + options.rows() + " rows to the source",
                    () -> {
                        workload.before();
                        return null;
                    });
            try (ControlPlane plane =
                    progress.during(
                            "Starting the control plane with Flink",
                            () -> startControlPlane(pair, directory))) {
                stopInOrderWhenInterrupted(plane, pair);
                return replicate(pair, plane, workload);
            }
        }
    }

    private String brokers() {
        return options.queue().pulsar().isPresent()
                ? options.queue().pulsar().get() + " (the source's), Kafka (the target's)"
                : "Kafka";
    }

    private static ControlPlane startControlPlane(MilvusPair pair, Path directory) {
        return ControlPlane.start(
                new FreePorts(), directory.resolve("cdc"), pair.source(), Map.of(), Map.of());
    }

    /** Ctrl-C ends the control plane first, in good order, and only then what it talks to. */
    private static void stopInOrderWhenInterrupted(ControlPlane plane, MilvusPair pair) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    if (plane.process().isAlive()) {
                                        System.out.println("Stopping ...");
                                        plane.stop();
                                    }
                                    pair.close();
                                },
                                "stop-servers"));
    }

    private boolean replicate(MilvusPair pair, ControlPlane plane, DemoWorkload workload)
            throws Exception {
        CdcClient cdc = new CdcClient(plane.apiUrl());
        String task =
                progress.during(
                        "Creating the task (POST " + plane.apiUrl() + ")",
                        () -> cdc.createForEverything(pair.target().uri(), true));
        progress.say("Task " + task + " is " + cdc.state(task));
        urls(pair, plane);
        progress.during(
                "Changing the source",
                () -> {
                    workload.during();
                    return null;
                });
        DemoWorkload.duringInWords().forEach(change -> progress.say("  " + change));
        try (MilvusReader source = MilvusReader.ofSource(pair.source().uri());
                MilvusReader target = MilvusReader.ofTarget(pair.target().uri())) {
            ContentComparison comparison = showUntilEqual(source, target);
            screen.keep();
            progress.say("Compared row by row, field by field: " + comparison);
            if (!comparison.isEqual()) {
                progress.say(
                        "Task is "
                                + cdc.state(task)
                                + " "
                                + cdc.reason(task)
                                + "; why may be in "
                                + plane.process().log());
            }
            if (options.check()) {
                return stopped(plane) && comparison.isEqual();
            }
            urls(pair, plane);
            progress.say("Change the source and watch the target follow. Ctrl-C stops everything.");
            while (true) {
                showOnce(source, target);
                Await.pause(REFRESH);
            }
        }
    }

    private boolean stopped(ControlPlane plane) throws Exception {
        int exitCode = progress.during("Stopping the control plane", plane::stop);
        // a JVM that ends in good order on SIGTERM says 143
        boolean inOrder = exitCode == 0 || exitCode == TERMINATED;
        if (!inOrder) {
            progress.say("It ended with exit code " + exitCode + ", see " + plane.process().log());
        }
        return inOrder;
    }

    private ContentComparison showUntilEqual(MilvusReader source, MilvusReader target) {
        long deadline = System.nanoTime() + EQUAL_BOUND.toNanos();
        while (true) {
            showOnce(source, target);
            ContentComparison comparison = ContentComparer.compareNow(source, target);
            if (comparison.isEqual() || System.nanoTime() >= deadline) {
                showOnce(source, target);
                return comparison;
            }
            Await.pause(REFRESH);
        }
    }

    private void showOnce(MilvusReader source, MilvusReader target) {
        try {
            screen.show(SideBySide.lines(source.outline(), target.outline()));
        } catch (MilvusReadException | StatusRuntimeException e) {
            // something was dropped or not there yet while it was read; the next time shows it
        }
    }

    private void urls(MilvusPair pair, ControlPlane plane) {
        System.out.println();
        System.out.println("  API            " + plane.apiUrl());
        System.out.println("  Flink UI       " + plane.flinkUrl());
        System.out.println("  source Milvus  " + pair.source().uri());
        System.out.println("  target Milvus  " + pair.target().uri());
        System.out.println("  source's queue " + pair.broker().address());
        System.out.println("  log            " + plane.process().log());
        System.out.println();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.control.cluster.ClusterException;
import io.milvuscdc.control.config.ConfigException;
import io.milvuscdc.control.config.ConfigReader;
import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.preflight.Inspection;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.job.ReplicationJob;
import io.milvuscdc.job.StartPositions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command line: {@code milvus-cdc server --config conf/cdc.yaml}, and {@code task-file} for a
 * task that leaves the control plane.
 */
public final class Main {

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final String USAGE =
            """
            Usage: milvus-cdc server [--config FILE]
                   milvus-cdc task-file [--config FILE] --task-id ID --output FILE

            Replicates a Milvus into others. FILE is a cdc.yaml; the one in conf/ explains its keys.
            Without it configs/cdc.yaml or conf/cdc.yaml of the current directory is taken.
            Logs go to the console and to logs/. It stops on SIGTERM, with a savepoint per task.

            task-file writes a paused task, secrets included, into a new file that only you can read,
            and prints the command by which Flink goes on with it without a control plane.
            """;
    private static final int WRONG_USAGE = 2;
    private static final int FAILED = 1;
    private static final int FAULTY_SECONDS = 30;

    private Main() {}

    /** Runs until the process is told to stop. */
    public static void main(String[] args) {
        List<String> words = List.of(args);
        if (words.equals(List.of("--help"))
                || words.equals(List.of("server", "--help"))
                || words.equals(List.of("task-file", "--help"))) {
            System.out.print(USAGE);
            return;
        }
        Optional<TaskFileArguments> taskFile = TaskFileArguments.of(words, Path.of(""));
        if (taskFile.isPresent()) {
            System.exit(writeTaskFile(taskFile.get()));
        }
        Optional<Path> file = configFile(words, Path.of(""));
        if (file.isEmpty()) {
            System.err.print(USAGE);
            System.exit(WRONG_USAGE);
        }
        System.exit(run(file.get(), Main::seams));
    }

    /** Empty when the words aren't those of the usage. */
    static Optional<Path> configFile(List<String> words, Path directory) {
        if (words.equals(List.of("server"))) {
            return usualConfigFile(directory);
        }
        return words.size() == 3 && words.get(0).equals("server") && words.get(1).equals("--config")
                ? Optional.of(directory.resolve(words.get(2)))
                : Optional.empty();
    }

    /** The one that's taken when none is named. */
    static Optional<Path> usualConfigFile(Path directory) {
        // the first is the old tool's, whose users start it this way
        return Stream.of("configs", "conf")
                .map(parent -> directory.resolve(parent).resolve("cdc.yaml"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Prints what the user is to do with the file, the command alone to the standard output. */
    private static int writeTaskFile(TaskFileArguments arguments) {
        try {
            ControlConfig config = ConfigReader.of(arguments.config()).read();
            System.out.println(TaskFileCommand.run(config, arguments.taskId(), arguments.output()));
            System.err.println(
                    "That goes on with the task. Don't resume it before that job was stopped with a"
                            + " savepoint, and then only from that savepoint (docs/flink-run.md)");
            return 0;
        } catch (ConfigException e) {
            System.err.println(
                    "The configuration " + arguments.config() + " is wrong:\n" + e.getMessage());
            return FAILED;
        } catch (StoreException | IOException e) {
            System.err.println("No task file was made: " + e.getMessage());
            return FAILED;
        }
    }

    /** Runs until the process is told to stop, over any seams; gives the exit code. */
    static int run(Path file, Function<ControlConfig, ControlPlane.Seams> seams) {
        try {
            ControlConfig config = ConfigReader.of(file).read();
            Configurator.setLevel(
                    "io.milvuscdc", Level.valueOf(config.logLevel().toUpperCase(Locale.ROOT)));
            config.warnings().forEach(warning -> LOG.warn("In {}: {}", file, warning));
            warnOfOpenDoors(config);
            return serve(config, seams.apply(config));
        } catch (ConfigException e) {
            LOG.error("The configuration {} is wrong:\n{}", file, e.getMessage());
            return FAILED;
        } catch (StoreException | ClusterException | IOException e) {
            LOG.error("The control plane can't start: {}", e.getMessage());
            LOG.debug("It can't start because of", e);
            return FAILED;
        } catch (Exception e) {
            LOG.error("The control plane can't start", e);
            return FAILED;
        }
    }

    private static void warnOfOpenDoors(ControlConfig config) {
        if (!config.transport().token().isEmpty()) {
            return;
        }
        if (!config.address().isLoopback()) {
            LOG.warn(
                    "The API listens on {} and asks for no login: whoever reaches it can redirect"
                            + " data; set security.token, or keep it in a network of its own",
                    config.address());
        }
        if (!config.transport().management().isLoopback()) {
            LOG.warn(
                    "The management endpoint listens on {} and asks for no login; set"
                            + " security.token, or keep it in a network of its own",
                    config.transport().management());
        }
    }

    private static int serve(ControlConfig config, ControlPlane.Seams seams) throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        ControlPlane plane = ControlPlane.start(config, seams);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> awaitStop(stop, stopped), "shutdown"));
        boolean healthy = awaitStopOrFault(stop, plane);
        if (healthy) {
            LOG.info("Stopping");
        } else {
            LOG.error(
                    "Flink has stopped after a fault, see the log; the tasks go on at the next"
                            + " start");
        }
        plane.close();
        LOG.info("Stopped");
        LogManager.shutdown();
        stopped.countDown();
        return healthy ? 0 : FAILED;
    }

    /**
     * Flink's task manager is given a while to come back, as after a pause of the whole machine.
     */
    private static boolean awaitStopOrFault(CountDownLatch stop, ControlPlane plane)
            throws InterruptedException {
        int faults = 0;
        while (faults < FAULTY_SECONDS) {
            if (stop.await(1, TimeUnit.SECONDS)) {
                return true;
            }
            faults = plane.isHealthy() ? 0 : faults + 1;
        }
        return false;
    }

    /** In the shutdown hook: the process must not end before the jobs have stopped. */
    private static void awaitStop(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            if (!stopped.await(60, TimeUnit.SECONDS)) {
                LOG.warn("Stopping took longer than 60 s; the tasks go on from their checkpoints");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ControlPlane.Seams seams(ControlConfig config) {
        HeldStarts starts = new HeldStarts(config.source(), StartPositions::resolve);
        return new ControlPlane.Seams(
                ReplicationJob::define,
                new Inspection(config.source()),
                starts,
                new HeldStarts(config.source(), StartPositions::resume),
                starts::release,
                Main::halt);
    }

    /** As kill -9 would. */
    private static void halt() {
        LOG.error(
                "This process ends now: it no longer owns the task store, and two control planes"
                        + " must not run the same tasks. They go on in the other one, or in this"
                        + " one when it's started again");
        LogManager.shutdown();
        Runtime.getRuntime().halt(FAILED);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FlinkCluster;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A task that is run by Flink's own command line, one job after the other, as docs/flink-run.md
 * says.
 */
final class JobByHand {

    private final FlinkCluster flink;
    private final Path directory;
    private final Path task;
    private String job = "";
    private int stops;

    /**
     * Not started yet; all of it is kept below {@code directory}.
     *
     * @param kafka the source's
     * @param etcdRootPath the source's
     */
    JobByHand(
            FlinkCluster flink, Path directory, MilvusPair pair, String kafka, String etcdRootPath)
            throws IOException {
        this.flink = flink;
        this.directory = Files.createDirectories(directory);
        this.task = directory.resolve("task.yaml");
        Files.writeString(
                task,
                """
                taskId: by-hand
                source:
                  etcd: {address: ['http://%s'], rootPath: %s}
                  kafka: {address: '%s'}
                  replicateChan: %s
                target: {uri: '%s'}
                """
                        .formatted(
                                pair.etcd().endpoint(),
                                etcdRootPath,
                                kafka,
                                pair.source().replicateChannel(),
                                pair.target().uri()));
    }

    /** {@code flink run}, with {@code -s} if there is something to go on from. */
    void run(int parallelism, Optional<Path> from) throws Exception {
        job = submit(parallelism, from);
        assertThat(writers()).isEqualTo(parallelism);
        if (from.isPresent()) {
            Await.until(
                    "the job to begin with " + from.get(),
                    Await.PATIENCE,
                    () -> flink.restoredFrom(job).isPresent());
            assertThat(flink.restoredFrom(job).orElseThrow())
                    .endsWith(from.get().toAbsolutePath().toString());
        }
    }

    /** {@code flink run} of what ends by itself; gives the job's id, not waiting for that. */
    String runInVain() throws Exception {
        return submit(1, Optional.empty());
    }

    private String submit(int parallelism, Optional<Path> from) throws Exception {
        List<String> before = flink.activeJobs();
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                "-d",
                                "-p",
                                Integer.toString(parallelism),
                                "-Dexecution.checkpointing.dir=" + checkpoints().toUri()));
        from.ifPresent(path -> arguments.addAll(List.of("-s", path.toUri().toString())));
        arguments.addAll(List.of(ControlPlane.jobJar().toString(), "--task", task.toString()));
        return start(arguments, before);
    }

    /** The {@code flink run} of a task of a control plane, as {@code milvus-cdc task-file} says. */
    void run(String commandLine) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(commandLine.split(" ")));
        assertThat(arguments.subList(0, 2)).containsExactly("flink", "run");
        arguments.set(0, "run");
        arguments.set(1, "-Dexecution.checkpointing.dir=" + checkpoints().toUri());
        job = start(arguments, flink.activeJobs());
    }

    private String start(List<String> arguments, List<String> before) throws Exception {
        command(arguments);
        List<String> added = new ArrayList<>();
        Await.until(
                "the job to be there",
                Await.PATIENCE,
                () -> {
                    added.addAll(flink.activeJobs());
                    added.removeAll(before);
                    return added.size() == 1;
                });
        return added.get(0);
    }

    private int writers() throws Exception {
        return flink.parallelism(job).entrySet().stream()
                .filter(chain -> chain.getKey().contains("Writer"))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** {@code flink stop}; gives the savepoint. */
    Path stop() throws Exception {
        Path savepoints = directory.resolve("savepoints-" + stops++);
        command(List.of("stop", "--savepointPath", savepoints.toUri().toString(), job));
        awaitEnd();
        try (Stream<Path> made = Files.list(savepoints)) {
            return made.toList().get(0);
        }
    }

    /** {@code flink cancel}; gives the checkpoint that is left. */
    Path cancel() throws Exception {
        command(List.of("cancel", job));
        awaitEnd();
        return newestCheckpoint();
    }

    /** The newest complete one of the last job, which a job that runs may remove at any time. */
    Path newestCheckpoint() throws IOException {
        TreeMap<Long, Path> complete = new TreeMap<>();
        try (Stream<Path> all = Files.list(checkpoints().resolve(job))) {
            all.filter(path -> Files.exists(path.resolve("_metadata")))
                    .forEach(path -> complete.put(number(path), path));
        }
        if (complete.isEmpty()) {
            throw new IOException("job " + job + " has no complete checkpoint");
        }
        return complete.lastEntry().getValue();
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().replaceFirst("^chk-", ""));
    }

    private Path checkpoints() {
        return directory.resolve("checkpoints");
    }

    private void awaitEnd() {
        Await.until("the job to end", Await.PATIENCE, () -> flink.activeJobs().isEmpty());
    }

    private void command(List<String> arguments) {
        try (ServerProcess command =
                flink.commandLine(directory, arguments.toArray(String[]::new))) {
            command.start();
            assertThat(command.awaitExit(Await.PATIENCE))
                    .as("exit code of flink %s, log: %s", arguments, command.log())
                    .isZero();
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Flink session cluster as its users run one: a JobManager and a TaskManager, each in a process
 * of its own, not highly available. Thread-safe but for kills and starts.
 */
public final class FlinkCluster implements AutoCloseable {

    private static final Duration READY = Await.PATIENCE;

    /** What Flink reaches into on Java 17. */
    private static final List<String> OPENS =
            List.of("java.lang", "java.util", "java.util.concurrent", "java.nio", "sun.nio.ch");

    private final ServerProcess jobManager;
    private final ServerProcess taskManager;
    private final Path jars;
    private final Path configDirectory;
    private final int restPort;
    private final FlinkApi api;

    private FlinkCluster(Path jars, Path directory, int restPort) {
        this.jars = jars;
        this.configDirectory = directory.resolve("conf");
        this.restPort = restPort;
        this.api = new FlinkApi(url());
        this.jobManager =
                process(
                        "jobmanager",
                        directory,
                        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                        "-Xmx400m");
        this.taskManager =
                process(
                        "taskmanager",
                        directory,
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                        "-Xmx512m");
    }

    /** Starts one below the directory and returns when it takes jobs: some 10 s. */
    public static FlinkCluster start(ServerCache cache, FreePorts ports, Path directory) {
        int restPort = ports.next();
        writeConfig(directory, ports.next(), restPort);
        FlinkCluster cluster = new FlinkCluster(cache.flinkJars(), directory, restPort);
        cluster.jobManager.start();
        cluster.taskManager.start();
        cluster.awaitReady();
        return cluster;
    }

    private static void writeConfig(Path directory, int rpcPort, int restPort) {
        String config =
                """
                jobmanager: {rpc: {address: 127.0.0.1, port: %d}, bind-host: 127.0.0.1}
                rest: {address: 127.0.0.1, bind-address: 127.0.0.1, port: %d}
                heartbeat: {interval: 1 s, timeout: 8 s}
                client: {timeout: 300 s}
                io: {tmp: {dirs: '%s'}}
                taskmanager:
                  host: 127.0.0.1
                  bind-host: 127.0.0.1
                  numberOfTaskSlots: 8
                  cpu: {cores: 1.0}
                  memory:
                    framework: {heap: {size: 128 mb}, off-heap: {size: 128 mb}}
                    jvm-metaspace: {size: 256 mb}
                    jvm-overhead: {min: 192 mb, max: 192 mb}
                    task: {heap: {size: 256 mb}, off-heap: {size: 0 b}}
                    managed: {size: 64 mb}
                    network: {min: 32 mb, max: 32 mb}
                """
                        .formatted(rpcPort, restPort, directory.resolve("tmp"));
        try {
            Files.createDirectories(directory.resolve("conf"));
            Files.createDirectories(directory.resolve("tmp"));
            Files.writeString(directory.resolve("conf").resolve("config.yaml"), config);
            Files.writeString(
                    directory.resolve("conf").resolve("log4j2.properties"),
                    """
                    rootLogger.level = INFO
                    rootLogger.appenderRef.console.ref = console
                    appender.console.name = console
                    appender.console.type = CONSOLE
                    appender.console.layout.type = PatternLayout
                    appender.console.layout.pattern = %d %-5p %c - %m%n
                    """);
        } catch (IOException e) {
            throw new ServerException("cannot write Flink's configuration in " + directory, e);
        }
    }

    private ServerProcess process(String name, Path directory, String main, String heap) {
        return new ServerProcess(
                name,
                directory,
                command(heap, main, List.of("--configDir", configDirectory.toString())),
                Map.of("MALLOC_ARENA_MAX", "2"));
    }

    private List<String> command(String heap, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        OPENS.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.add("-Dlog4j2.configurationFile=" + configDirectory.resolve("log4j2.properties"));
        command.addAll(List.of("-cp", jars + "/*", main));
        command.addAll(arguments);
        return command;
    }

    /** What {@code bin/flink} runs, with the same arguments. */
    public ServerProcess commandLine(Path directory, String... arguments) {
        return new ServerProcess(
                "flink",
                directory,
                command("-Xmx256m", "org.apache.flink.client.cli.CliFrontend", List.of(arguments)),
                Map.of("FLINK_CONF_DIR", configDirectory.toString()));
    }

    private void awaitReady() {
        jobManager.awaitReady(READY, () -> taskManagers() == 1);
    }

    private int taskManagers() throws IOException, InterruptedException {
        return api.get("/overview").path("taskmanagers").asInt();
    }

    /** The ids of the jobs that run, those that it's restarting included. */
    public List<String> activeJobs() throws IOException, InterruptedException {
        return api.activeJobs();
    }

    /** Whether a job has failed for good. */
    public boolean hasFailed(String jobId) throws IOException, InterruptedException {
        return api.get("/jobs/" + jobId).path("state").asText().equals("FAILED");
    }

    /** The stack trace of a job's newest failure. */
    public String failure(String jobId) throws IOException, InterruptedException {
        return api.get("/jobs/" + jobId + "/exceptions")
                .path("exceptionHistory")
                .path("entries")
                .path(0)
                .path("stacktrace")
                .asText();
    }

    /** By operator chain of a job, in how many parts it runs. */
    public Map<String, Integer> parallelism(String jobId) throws IOException, InterruptedException {
        Map<String, Integer> parallelism = new TreeMap<>();
        for (JsonNode vertex : api.get("/jobs/" + jobId).path("vertices")) {
            parallelism.put(vertex.path("name").asText(), vertex.path("parallelism").asInt());
        }
        return parallelism;
    }

    /** What a job has begun with: a savepoint or checkpoint, or nothing. */
    public Optional<String> restoredFrom(String jobId) throws IOException, InterruptedException {
        JsonNode restored =
                api.get("/jobs/" + jobId + "/checkpoints").path("latest").path("restored");
        return restored.isObject()
                ? Optional.of(restored.path("external_path").asText())
                : Optional.empty();
    }

    /** Its REST API and web UI. */
    public String url() {
        return "http://127.0.0.1:" + restPort;
    }

    /** For signals. */
    public ServerProcess jobManager() {
        return jobManager;
    }

    /** For signals. */
    public ServerProcess taskManager() {
        return taskManager;
    }

    /** Kills the TaskManager and starts another one; returns at once. */
    public void killTaskManager() {
        taskManager.kill9();
        taskManager.start();
    }

    /** Kills the JobManager, jobs and uploaded jars included; the TaskManager goes on. */
    public void killJobManager() {
        jobManager.kill9();
    }

    /** Starts the JobManager again, which knows nothing; returns at once. */
    public void startJobManager() {
        jobManager.start();
    }

    @Override
    public void close() {
        taskManager.close();
        jobManager.close();
    }
}

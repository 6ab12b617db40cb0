// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The control plane as users run it: {@code bin/milvus-cdc} of the built distribution, with Flink
 * inside, in a process of its own. Tasks, checkpoints and logs are below its directory.
 */
public final class ControlPlane implements AutoCloseable {

    private static final Duration READY = Await.PATIENCE;
    private static final Duration STOP = Await.PATIENCE;
    private static final String JAVA_OPTIONS = "MILVUS_CDC_JAVA_OPTS";
    private static final Path DISTRIBUTION = Path.of("cdc-control", "target", "milvus-cdc");

    /**
     * Where tasks are kept in an etcd.
     *
     * @param endpoint {@code host:port}
     * @param rootPath before all keys
     */
    public record EtcdStore(String endpoint, String rootPath) {}

    private final Program program;
    private final ServerProcess process;
    private final int port;
    private final int webPort;

    /** The distribution's script with the settings of one control plane. */
    private record Program(Path directory, Path config, Map<String, String> variables) {

        ServerProcess run(String name, String subcommand, String... more) {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    ProjectFiles.find(DISTRIBUTION)
                                            .resolve("bin")
                                            .resolve("milvus-cdc")
                                            .toString(),
                                    subcommand,
                                    "--config",
                                    config.toString()));
            command.addAll(List.of(more));
            return new ServerProcess(name, directory, command, variables);
        }
    }

    private ControlPlane(Program program, int port, int webPort) {
        this.program = program;
        this.process = program.run("milvus-cdc", "server");
        this.port = port;
        this.webPort = webPort;
    }

    /**
     * Starts one that reads {@code source} and returns when its API answers.
     *
     * @param replication keys of the yaml's {@code replication:} block
     * @param environment for switches that only tests have
     */
    public static ControlPlane start(
            FreePorts ports,
            Path directory,
            MilvusServer source,
            Map<String, String> replication,
            Map<String, String> environment) {
        return start(ports, directory, source, Ways.of(source), replication, environment);
    }

    /**
     * By which addresses it reaches what its source writes to, and where it keeps tasks.
     *
     * @param store without one, in files below its directory
     */
    public record Ways(String etcdEndpoint, String brokerAddress, Optional<EtcdStore> store) {

        /** The source's own addresses, and tasks in files. */
        public static Ways of(MilvusServer source) {
            return new Ways(
                    source.options().etcdEndpoint(),
                    source.options().broker().address(),
                    Optional.empty());
        }

        /** The same by another address of the broker. */
        public Ways toBroker(String address) {
            return new Ways(etcdEndpoint, address, store);
        }

        /** The same with tasks in an etcd. */
        public Ways with(EtcdStore tasks) {
            return new Ways(etcdEndpoint, brokerAddress, Optional.of(tasks));
        }
    }

    /** As above, by ways of its own. */
    public static ControlPlane start(
            FreePorts ports,
            Path directory,
            MilvusServer source,
            Ways ways,
            Map<String, String> replication,
            Map<String, String> environment) {
        ControlPlane plane =
                prepare(
                        ports,
                        directory,
                        directory.resolve("data"),
                        source,
                        ways,
                        replication,
                        environment);
        plane.process.start();
        plane.awaitReady();
        return plane;
    }

    /**
     * Starts another one over the tasks of one that runs, and returns at once: it waits until that
     * one is gone.
     *
     * @param data the other one's directory of checkpoints
     * @param ways with the store of the other one
     */
    public static ControlPlane startBeside(
            FreePorts ports, Path directory, Path data, MilvusServer source, Ways ways) {
        ControlPlane plane = prepare(ports, directory, data, source, ways, Map.of(), Map.of());
        plane.process.start();
        return plane;
    }

    private static ControlPlane prepare(
            FreePorts ports,
            Path directory,
            Path data,
            MilvusServer source,
            Ways ways,
            Map<String, String> replication,
            Map<String, String> environment) {
        Path distribution = ProjectFiles.find(DISTRIBUTION);
        int port = ports.next();
        int webPort = ports.next();
        Path config = directory.resolve("conf").resolve("cdc.yaml");
        writeConfig(config, distribution, data, source, ways, replication, port, webPort);
        Map<String, String> variables = new TreeMap<>(environment);
        variables.put("MILVUS_CDC_LOG_DIR", directory.resolve("logs").toString());
        return new ControlPlane(new Program(directory, config, variables), port, webPort);
    }

    private static void writeConfig(
            Path config,
            Path distribution,
            Path data,
            MilvusServer source,
            Ways ways,
            Map<String, String> replication,
            int port,
            int webPort) {
        YAMLMapper yaml = new YAMLMapper();
        ObjectNode root = yaml.createObjectNode();
        root.put("address", "127.0.0.1:" + port).put("maxTaskNum", 10);
        ObjectNode tasks = root.putObject("metaStoreConfig");
        tasks.put("storeType", ways.store().isPresent() ? "etcd" : "file");
        ways.store()
                .ifPresent(
                        at -> {
                            tasks.put("rootPath", at.rootPath());
                            tasks.putObject("etcd")
                                    .putArray("address")
                                    .add("http://" + at.endpoint());
                        });
        ObjectNode from = root.putObject("sourceConfig");
        ObjectNode etcd = from.putObject("etcd");
        etcd.putArray("address").add("http://" + ways.etcdEndpoint());
        etcd.put("rootPath", source.options().name()).put("metaSubPath", "meta");
        from.put("replicateChan", source.replicateChannel());
        from.putObject(source.options().broker().kind()).put("address", ways.brokerAddress());
        root.putObject("management").put("address", "127.0.0.1:0");
        root.putObject("flink")
                .put("configDir", distribution.resolve("conf").toString())
                .put("dataDir", data.toAbsolutePath().toString())
                .put("webPort", webPort);
        if (!replication.isEmpty()) {
            ObjectNode block = root.putObject("replication");
            replication.forEach(block::put);
        }
        try {
            Files.createDirectories(config.getParent());
            yaml.writeValue(config.toFile(), root);
        } catch (IOException e) {
            throw new ServerException("cannot write " + config, e);
        }
    }

    /**
     * The environment with which one lets the session cluster at {@code host:port} run its jobs.
     */
    public static Map<String, String> sessionMode(String flinkAddress) {
        return Map.of(
                "MILVUS_CDC_FLINK_MODE",
                "session",
                "MILVUS_CDC_FLINK_ADDRESS",
                "http://" + flinkAddress,
                "MILVUS_CDC_FLINK_JOBJAR",
                jobJar().toString());
    }

    /** The job's jar of the distribution, for a session cluster. */
    public static Path jobJar() {
        return ProjectFiles.find(DISTRIBUTION).resolve("job").resolve("cdc-job.jar");
    }

    /**
     * Starts it again, after it has ended, on the same ports and data, and returns at once.
     *
     * @param javaOptions for this run only
     */
    public void launch(String... javaOptions) {
        process.start(Map.of(JAVA_OPTIONS, String.join(" ", javaOptions)));
    }

    /** Waits until its API answers. */
    public void awaitReady() {
        process.awaitReady(READY, this::answers);
    }

    private boolean answers() throws IOException, InterruptedException {
        // not a POST, and without a token: answered with an error of the API, but answered
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(apiUrl())).timeout(Duration.ofSeconds(2)).build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body()
                .contains("\"code\":40");
    }

    /**
     * Lets {@code milvus-cdc task-file} write a task into a new file, with the settings and beside
     * the process of this one.
     *
     * @return the command line that it prints
     */
    public String taskFile(String taskId, Path output) {
        try (ServerProcess command =
                program.run(
                        "task-file",
                        "task-file",
                        "--task-id",
                        taskId,
                        "--output",
                        output.toString())) {
            command.start();
            int code = command.awaitExit(READY);
            List<String> lines = Files.readAllLines(command.log());
            return lines.stream()
                    .filter(line -> code == 0 && line.startsWith("flink run "))
                    .findFirst()
                    .orElseThrow(() -> new ServerException("task-file failed: " + lines));
        } catch (IOException e) {
            throw new ServerException("what task-file said can't be read", e);
        }
    }

    /** Where {@code POST /cdc} goes. */
    public String apiUrl() {
        return "http://127.0.0.1:" + port + "/cdc";
    }

    /** Flink's web UI and REST API. */
    public String flinkUrl() {
        return "http://127.0.0.1:" + webPort;
    }

    /** Its process, for signals. */
    public ServerProcess process() {
        return process;
    }

    /** Stops it in good order (SIGTERM) and returns its exit code. */
    public int stop() {
        return process.terminate(STOP);
    }

    /** Kills it, if it runs, and starts it again on the same ports and data. */
    public void restart() {
        process.kill9();
        process.start();
        awaitReady();
    }

    /** Kills it. */
    @Override
    public void close() {
        process.close();
    }
}

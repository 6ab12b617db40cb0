// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import io.milvuscdc.connectors.source.KafkaQueue;
import io.milvuscdc.connectors.source.MessageQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** A Kafka 3.9 with one node (KRaft: broker and controller in one), in a JVM of its own. */
public final class KafkaServer implements Broker {

    private static final Duration READY = Await.PATIENCE;
    private static final String CLUSTER_ID = "bWlsdnVzLWNkYy1rYWZrYQ";
    private static final int MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

    private final ServerProcess process;
    private final int port;
    private final WiredListener wired;

    private KafkaServer(ServerProcess process, int port, WiredListener wired) {
        this.process = process;
        this.port = port;
        this.wired = wired;
    }

    /** Starts one with its data in {@code directory} and returns when it answers. */
    public static KafkaServer start(ServerCache cache, FreePorts ports, Path directory) {
        return start(cache, ports, directory, Map.of(), Map.of());
    }

    /**
     * As above.
     *
     * @param listeners ports of further listeners, by their protocol, for example {@code SASL_SSL}
     * @param more further properties, for them
     */
    public static KafkaServer start(
            ServerCache cache,
            FreePorts ports,
            Path directory,
            Map<String, Integer> listeners,
            Map<String, String> more) {
        int port = ports.next();
        Path config = directory.resolve("server.properties");
        WiredListener wired = WiredListener.next(ports);
        writeConfig(config, port, ports.next(), wired, directory.resolve("data"));
        add(config, listeners, more);
        format(cache, directory, config);
        ServerProcess process =
                new ServerProcess(
                        "kafka",
                        directory,
                        java(cache, List.of("kafka.Kafka", config.toString())),
                        Map.of());
        KafkaServer server = new KafkaServer(process, port, wired);
        server.launch();
        return server;
    }

    private static void writeConfig(
            Path config, int port, int controllerPort, WiredListener wired, Path data) {
        Map<String, Object> values =
                Map.ofEntries(
                        Map.entry("process.roles", "broker,controller"),
                        Map.entry("node.id", 1),
                        Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                        Map.entry("controller.listener.names", "CONTROLLER"),
                        Map.entry(
                                "listeners",
                                "PLAINTEXT://127.0.0.1:"
                                        + port
                                        + ",WIRED://127.0.0.1:"
                                        + wired.port()
                                        + ",CONTROLLER://127.0.0.1:"
                                        + controllerPort),
                        Map.entry(
                                "advertised.listeners",
                                "PLAINTEXT://127.0.0.1:"
                                        + port
                                        + ",WIRED://127.0.0.1:"
                                        + wired.advertised()),
                        Map.entry(
                                "listener.security.protocol.map",
                                "PLAINTEXT:PLAINTEXT,WIRED:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                        Map.entry("log.dirs", data),
                        Map.entry("num.partitions", 1),
                        Map.entry("auto.create.topics.enable", true),
                        Map.entry("offsets.topic.replication.factor", 1),
                        Map.entry("offsets.topic.num.partitions", 1),
                        Map.entry("transaction.state.log.replication.factor", 1),
                        Map.entry("transaction.state.log.min.isr", 1),
                        Map.entry("group.initial.rebalance.delay.ms", 0),
                        // so that lag can be measured by one clock; Milvus doesn't look at it
                        Map.entry("log.message.timestamp.type", "LogAppendTime"),
                        Map.entry("message.max.bytes", MAX_MESSAGE_BYTES),
                        Map.entry("replica.fetch.max.bytes", MAX_MESSAGE_BYTES));
        Properties properties = new Properties();
        values.forEach((key, value) -> properties.setProperty(key, value.toString()));
        try {
            Files.createDirectories(config.getParent());
            try (var out = Files.newBufferedWriter(config)) {
                properties.store(out, null);
            }
        } catch (IOException e) {
            throw new ServerException("cannot write " + config, e);
        }
    }

    private static void add(Path config, Map<String, Integer> listeners, Map<String, String> more) {
        if (listeners.isEmpty()) {
            return;
        }
        try {
            Properties properties = new Properties();
            try (var in = Files.newBufferedReader(config)) {
                properties.load(in);
            }
            listeners.forEach(
                    (protocol, port) -> {
                        String listener = "," + protocol + "://127.0.0.1:" + port;
                        append(properties, "listeners", listener);
                        append(properties, "advertised.listeners", listener);
                        append(
                                properties,
                                "listener.security.protocol.map",
                                "," + protocol + ":" + protocol);
                    });
            properties.putAll(more);
            try (var out = Files.newBufferedWriter(config)) {
                properties.store(out, null);
            }
        } catch (IOException e) {
            throw new ServerException("cannot write " + config, e);
        }
    }

    private static void append(Properties properties, String key, String text) {
        properties.setProperty(key, properties.getProperty(key) + text);
    }

    private static void format(ServerCache cache, Path directory, Path config) {
        List<String> tool =
                List.of("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", "" + config);
        try (ServerProcess format =
                new ServerProcess("kafka-format", directory, java(cache, tool), Map.of())) {
            format.start();
            Await.until(
                    "Kafka's storage to be formatted (log: " + format.log() + ")",
                    READY,
                    () -> !format.isAlive());
        }
    }

    private static List<String> java(ServerCache cache, List<String> mainAndArguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xmx512m", "-Xms256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", cache.kafkaJars() + "/*"));
        command.addAll(mainAndArguments);
        return command;
    }

    private void launch() {
        process.start();
        process.awaitReady(READY, this::answers);
    }

    private boolean answers() throws ExecutionException, InterruptedException {
        Map<String, Object> config =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2_000,
                        AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
        try (Admin admin = Admin.create(config)) {
            return !admin.describeCluster()
                    .nodes()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(3, TimeUnit.SECONDS)
                    .get()
                    .isEmpty();
        }
    }

    /** {@code host:port} for clients. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    @Override
    public Wire wire() {
        return wired.wire();
    }

    @Override
    public String address(Wire way) {
        return way.address();
    }

    @Override
    public String kind() {
        return "kafka";
    }

    @Override
    public String address() {
        return bootstrapServers();
    }

    @Override
    public Map<String, Object> milvusSettings() {
        return Map.of("mq.type", kind(), "kafka.brokerList", bootstrapServers());
    }

    @Override
    public MessageQueue queue() {
        return new KafkaQueue(bootstrapServers(), Map.of());
    }

    @Override
    public ServerProcess process() {
        return process;
    }

    @Override
    public void killAndRestart() {
        process.kill9();
        launch();
    }

    @Override
    public void close() {
        process.close();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.source.MessageQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;

/**
 * A Pulsar standalone (broker, bookie and metadata in one), in a JVM of its own. Like Pulsar's
 * defaults it keeps nothing that no subscription needs. Its data survive a restart.
 */
public final class PulsarServer implements Broker {

    private static final Duration READY = Await.PATIENCE;
    private static final int MOST_STARTS = 5;

    // what the broker and its metadata store reach into on JDK 17
    private static final List<String> OPENS =
            Stream.of(
                            "java.base/java.lang",
                            "java.base/java.io",
                            "java.base/java.nio",
                            "java.base/java.util.zip",
                            "java.base/sun.net",
                            "java.base/jdk.internal.loader",
                            "java.base/jdk.internal.misc",
                            "java.base/jdk.internal.platform",
                            "jdk.management/com.sun.management.internal")
                    .map(opened -> "--add-opens=" + opened + "=ALL-UNNAMED")
                    .toList();

    private final ServerProcess process;
    private final Options options;
    private final Optional<WiredListener> wired;
    private final int port;
    private final int webPort;

    private PulsarServer(
            ServerProcess process,
            Options options,
            Optional<WiredListener> wired,
            int port,
            int webPort) {
        this.process = process;
        this.options = options;
        this.wired = wired;
        this.port = port;
        this.webPort = webPort;
    }

    /**
     * What makes one differ from another.
     *
     * @param version one that {@code fetch-servers.sh} knows
     * @param settings of standalone.conf; they win
     * @param token with which to ask whether it's ready; empty for no login
     * @param wired whether {@link #wire} can be had; not together with TLS
     */
    public record Options(
            String version, Map<String, String> settings, String token, boolean wired) {

        /** The version that Milvus' own deployments of that time come with. */
        public static final String USUAL = "3.0.7";

        /** A newer one. */
        public static final String NEW = "4.0.7";

        public Options {
            settings = Map.copyOf(settings);
        }

        /** Without a way that can be made bad. */
        public Options(String version, Map<String, String> settings, String token) {
            this(version, settings, token, false);
        }

        /** As Milvus uses it. */
        public static Options usual() {
            return of(USUAL);
        }

        /** As Milvus uses it, of some version. */
        public static Options of(String version) {
            return new Options(version, Map.of(), "");
        }

        /** The same with one more setting. */
        public Options with(String key, Object value) {
            Map<String, String> more = new TreeMap<>(settings);
            more.put(key, value.toString());
            return new Options(version, more, token, wired);
        }

        /** The same with a way that can be made bad. */
        public Options withWire() {
            return new Options(version, settings, token, true);
        }

        @Override
        public String toString() {
            return "Pulsar " + version;
        }
    }

    /** Starts one with its data in {@code directory} and returns when it answers. */
    public static PulsarServer start(
            ServerCache cache, FreePorts ports, Path directory, Options options) {
        int port = ports.next();
        int webPort = ports.next();
        Path config = directory.resolve("standalone.conf");
        Path data = directory.resolve("data");
        Optional<WiredListener> wired =
                options.wired() ? Optional.of(WiredListener.next(ports)) : Optional.empty();
        writeConfig(config, port, webPort, wired, options);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:MaxDirectMemorySize=768m", "-XX:+UseSerialGC"));
        // it lives for minutes: starting it costs more than what better code would win back
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(
                List.of(
                        "-Dpulsar.allocator.exit_on_oom=true",
                        "-Dio.netty.leakDetectionLevel=disabled"));
        command.addAll(OPENS);
        command.addAll(List.of("-cp", cache.pulsarJars(options.version()) + "/*"));
        command.add("org.apache.pulsar.PulsarStandaloneStarter");
        command.addAll(List.of("--config", config.toString()));
        command.addAll(List.of("--metadata-dir", data.resolve("metadata").toString()));
        command.addAll(List.of("--bookkeeper-dir", data.resolve("bookkeeper").toString()));
        command.addAll(List.of("--bookkeeper-port", Integer.toString(ports.next())));
        command.addAll(List.of("-nfw", "-nss"));
        if (wired.isEmpty()) {
            // the other way to tell its address are listeners
            command.addAll(List.of("-a", "127.0.0.1"));
        }
        PulsarServer server =
                new PulsarServer(
                        new ServerProcess("pulsar", directory, command, Map.of()),
                        options,
                        wired,
                        port,
                        webPort);
        server.launch();
        return server;
    }

    private static void writeConfig(
            Path config, int port, int webPort, Optional<WiredListener> wired, Options options) {
        Map<String, Object> values = new TreeMap<>();
        values.put("clusterName", "standalone");
        values.put("brokerServicePort", port);
        values.put("webServicePort", webPort);
        values.put("bindAddress", "127.0.0.1");
        values.put("metadataStoreUrl", "");
        values.put("configurationMetadataStoreUrl", "");
        values.put("managedLedgerDefaultEnsembleSize", 1);
        values.put("managedLedgerDefaultWriteQuorum", 1);
        values.put("managedLedgerDefaultAckQuorum", 1);
        values.put("allowAutoTopicCreationType", "non-partitioned");
        values.put("brokerDeleteInactiveTopicsEnabled", false);
        values.put("webSocketServiceEnabled", false);
        values.put("loadBalancerEnabled", false);
        // otherwise the bookie's port is a random one, and its data are lost with a restart
        values.put("allowEphemeralPorts", true);
        values.put("managedLedgerCacheSizeMB", 64);
        values.put("dbStorage_writeCacheMaxSizeMb", 64);
        values.put("dbStorage_readAheadCacheMaxSizeMb", 32);
        values.put("journalMaxGroupWaitMSec", 1);
        values.put("journalSyncData", false);
        values.put("allowLoopback", true);
        values.put("diskUsageThreshold", 0.99);
        values.put("diskUsageWarnThreshold", 0.98);
        wired.ifPresent(
                listener -> {
                    values.put("internalListenerName", "direct");
                    values.put("bindAddresses", "wired:pulsar://127.0.0.1:" + listener.port());
                    values.put(
                            "advertisedListeners",
                            "direct:pulsar://127.0.0.1:%d,wired:pulsar://127.0.0.1:%d"
                                    .formatted(port, listener.advertised()));
                });
        values.putAll(options.settings());
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

    /**
     * Starts it, once more when its bookie fights with its own registration, which RocksDB, unlike
     * a ZooKeeper, may have kept from before: each of the two that think they hold it deletes the
     * other's, thousands of times a second and for ever, and meanwhile there are no bookies to
     * write to (Pulsar's issues 14736 and 17759; seen with 3.0.7 after a kill, with 4.0.7 after an
     * end in good order). Such a broker answers all the same.
     */
    private void launch() {
        for (int starts = 1; ; starts++) {
            long logged = logSize();
            process.start();
            process.awaitReady(READY, this::answers);
            if (!BookieFight.isIn(process.log(), logged)) {
                return;
            }
            if (starts == MOST_STARTS) {
                throw new ServerException(
                        options
                                + "'s bookie still fights with its own registration after "
                                + starts
                                + " starts: "
                                + process.log());
            }
            System.out.printf(
                    "%s's bookie fights with its own registration, it is started again%n", options);
            process.kill9();
        }
    }

    private long logSize() {
        try {
            return Files.exists(process.log()) ? Files.size(process.log()) : 0;
        } catch (IOException e) {
            throw new ServerException("cannot see the size of " + process.log(), e);
        }
    }

    private boolean answers() throws IOException {
        var builder =
                PulsarClient.builder()
                        .serviceUrl(serviceUrl())
                        .operationTimeout(2, TimeUnit.SECONDS)
                        .lookupTimeout(2, TimeUnit.SECONDS);
        if (!options.token().isEmpty()) {
            builder.authentication(
                    "org.apache.pulsar.client.impl.auth.AuthenticationToken", options.token());
        }
        try (PulsarClient client = builder.build()) {
            client.newReader().topic("ready").startMessageId(MessageId.earliest).create().close();
            return true;
        }
    }

    /** {@code pulsar://host:port} for clients. */
    public String serviceUrl() {
        return "pulsar://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Of the admin API. */
    public int webPort() {
        return webPort;
    }

    @Override
    public String kind() {
        return "pulsar";
    }

    @Override
    public String address() {
        return serviceUrl();
    }

    @Override
    public Map<String, Object> milvusSettings() {
        return Map.of(
                "mq.type",
                kind(),
                "pulsar.address",
                "127.0.0.1",
                "pulsar.port",
                port,
                "pulsar.webport",
                webPort);
    }

    @Override
    public MessageQueue queue() {
        return PulsarQueue.of(serviceUrl());
    }

    @Override
    public Wire wire() {
        return wired.orElseThrow(
                        () -> new ServerException("this Pulsar was started without a wire"))
                .wire();
    }

    @Override
    public String address(Wire way) {
        return "pulsar://" + way.address();
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

    /** Ends it in good order and starts it again on the same ports and data. */
    public void restart() {
        process.terminate(READY);
        launch();
    }

    @Override
    public void close() {
        process.close();
    }
}

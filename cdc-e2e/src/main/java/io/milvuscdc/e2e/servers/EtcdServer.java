// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An etcd 3.5 with one member, compacted by revision as Milvus' own deployments do it. */
public final class EtcdServer implements AutoCloseable {

    private static final Duration READY = Await.PATIENCE;

    private final ServerProcess process;
    private final int port;
    private final int healthPort;

    private EtcdServer(ServerProcess process, int port, int healthPort) {
        this.process = process;
        this.port = port;
        this.healthPort = healthPort;
    }

    /** Starts one with its data in {@code directory} and returns when it answers. */
    public static EtcdServer start(ServerCache cache, FreePorts ports, Path directory) {
        return start(cache, ports, directory, "http", List.of());
    }

    /**
     * As above.
     *
     * @param scheme {@code https} when {@code more} makes it speak TLS
     * @param more further arguments
     */
    public static EtcdServer start(
            ServerCache cache, FreePorts ports, Path directory, String scheme, List<String> more) {
        int port = ports.next();
        int healthPort = ports.next();
        String client = scheme + "://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + ports.next();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                cache.etcd().toString(),
                                "--data-dir=" + directory.resolve("data"),
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=default=" + peer,
                                // never with TLS, so that readiness needs no certificate
                                "--listen-metrics-urls=http://127.0.0.1:" + healthPort,
                                "--auto-compaction-mode=revision",
                                "--auto-compaction-retention=1000",
                                // a killed process loses nothing by it, only a machine would
                                "--unsafe-no-fsync"));
        command.addAll(more);
        ServerProcess process = new ServerProcess("etcd", directory, command, Map.of());
        EtcdServer server = new EtcdServer(process, port, healthPort);
        server.launch();
        return server;
    }

    private void launch() {
        process.start();
        process.awaitReady(READY, this::isHealthy);
    }

    private boolean isHealthy() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + healthPort + "/health"))
                        .timeout(Duration.ofSeconds(2))
                        .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body()
                .contains("true");
    }

    /** {@code host:port} of the client port. */
    public String endpoint() {
        return "127.0.0.1:" + port;
    }

    /** Its process, for signals. */
    public ServerProcess process() {
        return process;
    }

    /** Kills it, if it runs, and starts it again on the same port and data. */
    public void restart() {
        process.kill9();
        launch();
    }

    @Override
    public void close() {
        process.close();
    }
}

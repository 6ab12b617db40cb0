// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.options.CompactOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A real etcd of one member in a process of its own, which can be killed and started again. */
public final class EtcdProcess implements AutoCloseable {

    private static final Duration START_BOUND = Duration.ofSeconds(30);

    private final Path directory;
    private final int port = freePort();
    private final int peerPort = freePort();
    private Process process;
    private Client client;

    public EtcdProcess(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        start();
    }

    public void start() throws IOException, InterruptedException {
        process =
                new ProcessBuilder(
                                binary().toString(),
                                "--data-dir",
                                directory.resolve("data").toString(),
                                "--listen-client-urls",
                                endpoint(),
                                "--advertise-client-urls",
                                endpoint(),
                                "--listen-peer-urls",
                                "http://127.0.0.1:" + peerPort,
                                // as fast as it gets: losing power is not tested
                                "--unsafe-no-fsync",
                                "--log-level",
                                "warn")
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        directory.resolve("etcd.log").toFile()))
                        .start();
        client = Client.builder().endpoints(endpoint()).build();
        Conditions.await(START_BOUND, "etcd answers", () -> revision() > 0);
    }

    /** As a crash would. */
    public void kill() throws InterruptedException {
        client.close();
        process.destroyForcibly();
        process.waitFor();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    public EtcdConfig config(String metaRoot) {
        return new EtcdConfig(List.of(endpoint()), metaRoot, "", "");
    }

    public Client client() {
        return client;
    }

    void put(String key, ByteString value) {
        join(kv().put(bytes(key), ByteSequence.from(value)));
    }

    void delete(String key) {
        join(kv().delete(bytes(key)));
    }

    long revision() {
        return join(kv().get(bytes("none"))).getHeader().getRevision();
    }

    /** Makes etcd forget every revision but the newest. */
    void compact() {
        join(kv().compact(revision(), CompactOption.builder().withCompactPhysical(true).build()));
    }

    private KV kv() {
        return client.getKVClient();
    }

    private static <T> T join(CompletableFuture<T> call) {
        return call.orTimeout(10, TimeUnit.SECONDS).join();
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    /** From the cache that the quickstart and the end-to-end tests use, filled when empty. */
    private static Path binary() throws IOException, InterruptedException {
        Path cache =
                Optional.ofNullable(System.getenv("MILVUS_CDC_CACHE"))
                        .map(Path::of)
                        .orElse(Path.of(System.getProperty("user.home"), ".cache", "milvus-cdc"));
        Path etcd = cache.resolve("etcd-3.5.1").resolve("etcd");
        if (!Files.isExecutable(etcd)) {
            Process fetch =
                    new ProcessBuilder("../deploy/lib/fetch-servers.sh").inheritIO().start();
            if (fetch.waitFor() != 0) {
                throw new IOException("deploy/lib/fetch-servers.sh could not fetch etcd");
            }
        }
        return etcd;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

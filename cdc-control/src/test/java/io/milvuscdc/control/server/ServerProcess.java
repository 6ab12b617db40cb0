// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.control.testutils.Await;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A control plane in a process of its own, over a directory that outlives it. */
final class ServerProcess implements AutoCloseable {

    private static final List<String> OPENS =
            List.of("java.lang", "java.util", "java.util.concurrent", "java.nio", "sun.nio.ch");

    private static final Pattern MANAGEMENT =
            Pattern.compile("Ready: .*management (?:https?://)?([0-9.]+:[0-9]+)");

    private final Path root;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;

    ServerProcess(Path root) throws IOException {
        this.root = root;
        try (ServerSocket socket = new ServerSocket(0)) {
            this.port = socket.getLocalPort();
        }
        Files.createDirectories(root.resolve("conf"));
        Files.copy(Path.of("../flink-conf/config.yaml"), root.resolve("conf/config.yaml"));
        Files.writeString(
                root.resolve("conf/cdc.yaml"),
                "address: 127.0.0.1:"
                        + port
                        + "\nsourceConfig: {kafka: {address: '127.0.0.1:9092'}}\n"
                        + "replication: {checkpointInterval: 100ms}\n"
                        + "flink: {webPort: 0}\n"
                        + "management: {address: '127.0.0.1:0'}\n");
    }

    /** Lets Flink keep all state in files of its own, and restart jobs at once. */
    void keepStateInFiles() throws IOException {
        Files.writeString(
                root.resolve("conf/config.yaml"),
                Files.readString(root.resolve("conf/config.yaml"))
                                .replace("initial-backoff: 1 s", "initial-backoff: 300 ms")
                        + "\nstate.storage.fs.memory-threshold: 0 b\n");
    }

    /** Starts the process; returns when the API answers. */
    void start() throws Exception {
        process = launch();
        Await.until("the API answers; its log is:\n" + log(), () -> !process.isAlive() || isUp());
        if (!process.isAlive()) {
            throw new AssertionError("the process ended:\n" + log());
        }
    }

    /** Starts another process over the same directory. */
    Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String name : OPENS) {
            command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
        }
        command.addAll(
                List.of(
                        "-Xmx400m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlog.file=" + root.resolve("log"),
                        "-D" + CountingJob.FILE + "=" + root.resolve("counted"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CountingServer.class.getName(),
                        root.resolve("conf/cdc.yaml").toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("log").toFile()))
                .start();
    }

    private boolean isUp() throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(uri("/healthz")).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends a request, written with single quotes; gives the answer. */
    String cdc(String request) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(uri("/cdc"))
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                request.replace('\'', '"')))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Gets a page of the management endpoint, whose port is in the log. */
    String management(String path) throws IOException, InterruptedException {
        Matcher address = MANAGEMENT.matcher(log());
        if (!address.find()) {
            throw new IOException("the management endpoint isn't named in the log:\n" + log());
        }
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://" + address.group(1) + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Ends the process as a loss of power would. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Asks the process to stop; gives its exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it doesn't stop:\n" + log());
        }
        return process.exitValue();
    }

    /** What all processes so far have said. */
    String log() {
        try {
            Path log = root.resolve("log");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The lines that the job has written so far; one that's being written is left out. */
    List<String> counted() throws IOException {
        Path file = root.resolve("counted");
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            kill();
        }
    }
}

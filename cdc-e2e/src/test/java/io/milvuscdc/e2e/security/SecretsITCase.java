// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.ManagedChannel;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.UpdateCredentialRequest;
import io.milvuscdc.connectors.tls.PemFiles;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.security.Authority.Issued;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusAccess;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.MilvusServer.Options;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Secrets that are easily recognised, in every place that takes one, and then a search for them in
 * whatever others may see.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecretsITCase {

    private static final String FIRST_LOGIN = "root:Milvus";
    private static final String TARGET_SECRET = "target-hidden-1";
    private static final String WRONG_SECRET = "target-hidden-2";
    private static final String OTHER_SECRET = "target-hidden-3";
    private static final String API_SECRET = "api-hidden-4-0123456789";
    private static final String KAFKA_SECRET = "kafka-hidden-5";
    private static final String ROWS = "secrets";
    private static final CollectionSchema SCHEMA = SampleSchemas.small(4);
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> seen = new TreeMap<>();
    private Path directory;
    private Authority authority;
    private Issued client;
    private MilvusPair pair;
    private ControlPlane plane;
    private CdcClient cdc;

    @BeforeAll
    void startServers() throws Exception {
        directory = ServerDirectory.of("secrets");
        authority = Authority.create(directory.resolve("certificates"), "authority");
        client = authority.issue("client");
        Issued server = authority.issue("server");
        pair =
                MilvusPair.start(
                        ServerCache.fetch(),
                        directory,
                        options ->
                                options.name().equals("target")
                                        ? secured(options, server)
                                        : options);
        plane =
                ControlPlane.start(
                        new FreePorts(),
                        directory.resolve("cdc"),
                        pair.source(),
                        Map.of(),
                        Map.of("MILVUS_CDC_SECURITY_TOKEN", API_SECRET));
        plane.stop();
        Path config = directory.resolve("cdc").resolve("conf").resolve("cdc.yaml");
        String text = Files.readString(config);
        String kafka = "  kafka:\n";
        assertThat(text).contains(kafka);
        Files.writeString(
                config,
                text.replace(
                        kafka,
                        kafka
                                + "    consumer:\n      sasl.jaas.config: 'a.Module required"
                                + " password=\""
                                + KAFKA_SECRET
                                + "\";'\n"));
        plane.restart();
        cdc = new CdcClient(plane.apiUrl(), API_SECRET);
    }

    private Options secured(Options options, Issued server) {
        try {
            return options.withLogin(FIRST_LOGIN)
                    .with("common.security.tlsMode", 2)
                    .with("tls.serverPemPath", server.certificate().toString())
                    .with("tls.serverKeyPath", server.key().toString())
                    .with("tls.caPemPath", authority.certificate().toString())
                    .withTls(
                            new TlsConfig(
                                    PemFiles.certificates("ca", "" + authority.certificate()),
                                    PemFiles.certificates("own", "" + client.certificate()),
                                    PemFiles.key("key", "" + client.key()),
                                    "",
                                    TlsConfig.TLS_1_2));
        } catch (TlsException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    void stopServers() {
        if (plane != null) {
            plane.close();
        }
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    void noSecretIsSeenAnywhere() throws Exception {
        changePassword("Milvus", TARGET_SECRET);
        note("a refused create", cdc.send("create", request(WRONG_SECRET)));
        JsonNode created = cdc.send("create", request(TARGET_SECRET));
        note("create", created);
        String task = created.path("data").path("task_id").asText();
        assertThat(task).isNotEmpty();
        try (MilvusSession source = MilvusSession.open(pair.source().uri())) {
            source.createCollection(ROWS, SCHEMA, CollectionSettings.plain());
            source.indexVectors(ROWS);
            source.load(ROWS);
            source.insert(ROWS, new SampleRows(SCHEMA, 1, 10, 0));
            awaitRows(10, TARGET_SECRET);
            crawlFlink("while it runs");
            changePassword(TARGET_SECRET, OTHER_SECRET);
            source.insert(ROWS, new SampleRows(SCHEMA, 100, 1, 0));
            Await.until("the task to be paused", BOUND, () -> cdc.state(task).equals("Paused"));
        }
        crawlFlink("after a refused login");
        for (String type : List.of("get", "list", "position", "resume", "pause", "delete")) {
            if (type.equals("resume")) {
                changePassword(OTHER_SECRET, TARGET_SECRET);
            }
            if (type.equals("pause")) {
                awaitRows(11, TARGET_SECRET);
                noteFiles();
            }
            note(type, cdc.send(type, json.createObjectNode().put("task_id", task)));
        }
        noteFiles();
        noteArguments();
        assertThat(seen.keySet())
                .anyMatch(where -> where.contains("/jobs/"))
                .anyMatch(where -> where.contains("chk-"))
                .anyMatch(where -> where.endsWith("milvus-cdc.log"));

        for (Map.Entry<String, String> secret : secrets().entrySet()) {
            for (Map.Entry<String, String> place : seen.entrySet()) {
                assertThat(place.getValue().contains(secret.getValue()))
                        .as("%s is seen in %s", secret.getKey(), place.getKey())
                        .isFalse();
            }
        }
    }

    private Map<String, String> secrets() throws IOException {
        Map<String, String> secrets = new TreeMap<>();
        for (String secret :
                List.of(TARGET_SECRET, WRONG_SECRET, OTHER_SECRET, API_SECRET, KAFKA_SECRET)) {
            secrets.put(secret, secret);
        }
        for (String login : List.of(TARGET_SECRET, WRONG_SECRET)) {
            secrets.put("the header of " + login, base64("root:" + login));
        }
        secrets.put("the client's key", Files.readAllLines(client.key()).get(5));
        return secrets;
    }

    /** Every page of Flink's REST API that shows something of a cluster and its jobs. */
    private void crawlFlink(String when) throws Exception {
        List<String> paths =
                new ArrayList<>(
                        List.of(
                                "/config",
                                "/overview",
                                "/jobmanager/config",
                                "/jobmanager/environment",
                                "/jobmanager/metrics",
                                "/jobmanager/logs",
                                "/jobmanager/log",
                                "/jobmanager/stdout",
                                "/jobmanager/thread-dump",
                                "/jobs",
                                "/jobs/overview",
                                "/taskmanagers",
                                "/jars"));
        for (JsonNode manager : flink("/taskmanagers").path("taskmanagers")) {
            String path = "/taskmanagers/" + manager.path("id").asText();
            for (String page :
                    List.of("", "/logs", "/log", "/stdout", "/metrics", "/thread-dump")) {
                paths.add(path + page);
            }
        }
        for (JsonNode job : flink("/jobs").path("jobs")) {
            String path = "/jobs/" + job.path("id").asText();
            for (String page :
                    List.of(
                            "",
                            "/config",
                            "/plan",
                            "/exceptions",
                            "/checkpoints",
                            "/checkpoints/config",
                            "/accumulators",
                            "/metrics",
                            "/execution-result",
                            "/jobmanager/config",
                            "/jobmanager/environment",
                            "/jobmanager/log-url",
                            "/status")) {
                paths.add(path + page);
            }
            for (JsonNode vertex : flink(path).path("vertices")) {
                String vertexPath = path + "/vertices/" + vertex.path("id").asText();
                for (String page :
                        List.of("", "/accumulators", "/subtasks/accumulators", "/watermarks")) {
                    paths.add(vertexPath + page);
                }
            }
        }
        for (String path : paths) {
            seen.put("Flink " + when + path, get(path));
        }
        assertThat(seen.get("Flink " + when + "/jobmanager/config")).contains("checkpoint");
    }

    private JsonNode flink(String path) throws Exception {
        return json.readTree(get(path));
    }

    private String get(String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(plane.flinkUrl() + path)).build(),
                        BodyHandlers.ofString())
                .body();
    }

    /** Logs, checkpoints, savepoints and whatever else is written, but for the store. */
    private void noteFiles() throws IOException {
        Path root = directory.resolve("cdc");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(root.resolve("conf"))
                        && !file.startsWith(root.resolve("data").resolve("tasks"))) {
                    noteFile(file);
                }
            }
        }
    }

    private void noteFile(Path file) throws IOException {
        try {
            seen.put(file.toString(), new String(Files.readAllBytes(file), ISO_8859_1));
        } catch (java.nio.file.NoSuchFileException e) {
            // a checkpoint that Flink has removed meanwhile
        }
    }

    private void noteArguments() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.toList()) {
                Path arguments = process.resolve("cmdline");
                if (process.getFileName().toString().matches("[0-9]+")) {
                    try {
                        seen.put(arguments.toString(), Files.readString(arguments, ISO_8859_1));
                    } catch (IOException e) {
                        // it has ended meanwhile
                    }
                }
            }
        }
    }

    private void note(String what, JsonNode answer) {
        seen.put("the answer to " + what, answer.toString());
    }

    private void awaitRows(long rows, String password) {
        MilvusAccess access = pair.target().access();
        try (MilvusReader target =
                MilvusReader.ofTarget(
                        new MilvusAccess(access.uri(), "root:" + password, access.tls()))) {
            Await.until(
                    rows + " rows",
                    BOUND,
                    () ->
                            target.outline().collections().containsKey("default." + ROWS)
                                    && target.collection("default", ROWS, false)
                                            .count()
                                            .filter(count -> count == rows)
                                            .isPresent());
        }
    }

    private void changePassword(String from, String to) {
        MilvusAccess access = pair.target().access();
        ManagedChannel channel =
                new MilvusAccess(access.uri(), "root:" + from, access.tls()).channel(1 << 20);
        try {
            assertThat(
                            MilvusServiceGrpc.newBlockingStub(channel)
                                    .updateCredential(
                                            UpdateCredentialRequest.newBuilder()
                                                    .setUsername("root")
                                                    .setOldPassword(base64(from))
                                                    .setNewPassword(base64(to))
                                                    .build())
                                    .getCode())
                    .isZero();
        } finally {
            channel.shutdownNow();
        }
    }

    private ObjectNode request(String password) {
        ObjectNode data = json.createObjectNode();
        ObjectNode milvus =
                data.putObject("milvus_connect_param")
                        .put("uri", pair.target().uri())
                        .put("token", "root:" + password)
                        .put("connect_timeout", 5);
        milvus.putObject("dial_config")
                .put("ca_pem_path", authority.certificate().toString())
                .put("client_pem_path", client.certificate().toString())
                .put("client_key_path", client.key().toString());
        data.putArray("collection_infos").addObject().put("name", "*");
        return data;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etcd.jetcd.auth.Permission;
import io.grpc.ManagedChannel;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.UpdateCredentialRequest;
import io.milvuscdc.connectors.tls.TlsException;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.security.Authority.Issued;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.ControlPlane.Ways;
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
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
 * A source on an etcd and a Kafka that want TLS and logins, a target that does, too, and an API
 * with a token; secrets that are easily recognised in every place that takes one, and then a search
 * for them in whatever others may see.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecretsITCase {

    private static final String FIRST_LOGIN = "root:Milvus";
    private static final String TARGET_SECRET = "target-hidden-1";
    private static final String WRONG_SECRET = "target-hidden-2";
    private static final String OTHER_SECRET = "target-hidden-3";
    private static final String API_SECRET = "api-hidden-4-0123456789";
    private static final String KAFKA_SECRET = "kafka-hidden-5";
    private static final String ETCD_SECRET = "etcd-hidden-6";
    private static final String ETCD_ADMIN_SECRET = "etcd-hidden-7";
    private static final String MILVUS_KAFKA_SECRET = "kafka-hidden-8";
    private static final String STORE_KEY = "c3RvcmUtaGlkZGVuLTkwMTIzNDU2Nzg5MDEyMzQ1Njc=";
    private static final String ROWS = "secrets";
    private static final CollectionSchema SCHEMA = SampleSchemas.small(4);
    private static final Duration BOUND = Await.PATIENCE;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> seen = new TreeMap<>();
    private Path directory;
    private Authority authority;
    private Issued client;
    private SecuredEtcd etcd;
    private SecuredKafka kafka;
    private MilvusPair pair;
    private ControlPlane plane;
    private int managementPort;
    private CdcClient cdc;

    @BeforeAll
    void startServers() throws Exception {
        directory = ServerDirectory.of("secrets");
        authority = Authority.create(directory.resolve("certificates"), "authority");
        client = authority.issue("client");
        ServerCache cache = ServerCache.fetch();
        FreePorts ports = new FreePorts();
        etcd =
                SecuredEtcd.start(
                        cache, ports, directory.resolve("etcd"), authority, ETCD_ADMIN_SECRET, 300);
        // Milvus 2.3.5 knows no etcd login but that of its certificate
        Issued milvus = authority.issue("milvus");
        etcd.addUser("milvus", ETCD_ADMIN_SECRET, Permission.Type.READWRITE, "source/", "target/");
        etcd.change(
                auth -> auth.userGrantRole(SecuredEtcd.bytes("milvus"), SecuredEtcd.bytes("root")));
        etcd.addUser("cdc", ETCD_SECRET, Permission.Type.READ, "source/");
        kafka =
                SecuredKafka.start(
                        cache, ports, directory.resolve("kafka"), authority, MILVUS_KAFKA_SECRET);
        kafka.setScramPassword("cdc", KAFKA_SECRET);
        Issued server = authority.issue("server");
        pair =
                MilvusPair.start(
                        cache,
                        directory,
                        etcd.server(),
                        kafka.server(),
                        options ->
                                options.name().equals("target")
                                        ? secured(withEtcd(options, milvus), server)
                                        : withKafka(withEtcd(options, milvus)));
        managementPort = ports.next();
        plane =
                ControlPlane.start(
                        ports,
                        directory.resolve("cdc"),
                        pair.source(),
                        Ways.of(pair.source()).toBroker(kafka.address("SASL_SSL")),
                        Map.of(),
                        environment());
        plane.stop();
        trustKafka();
        plane.restart();
        cdc = new CdcClient(plane.apiUrl(), API_SECRET);
    }

    private Map<String, String> environment() {
        Map<String, String> variables = new TreeMap<>();
        variables.put("SECURITY_TOKEN", API_SECRET);
        variables.put("SECRET_KEY", STORE_KEY);
        variables.put("MANAGEMENT_ADDRESS", "127.0.0.1:" + managementPort);
        variables.put("SOURCECONFIG_ETCD_ENABLEAUTH", "true");
        variables.put("SOURCECONFIG_ETCD_USERNAME", "cdc");
        variables.put("SOURCECONFIG_ETCD_PASSWORD", ETCD_SECRET);
        variables.put("SOURCECONFIG_ETCD_ENABLETLS", "true");
        variables.put("SOURCECONFIG_ETCD_TLSCACERTPATH", "" + authority.certificate());
        variables.put("SOURCECONFIG_ETCD_TLSCERTPATH", "" + client.certificate());
        variables.put("SOURCECONFIG_ETCD_TLSKEYPATH", "" + client.key());
        variables.put("SOURCECONFIG_KAFKA_SASLUSERNAME", "cdc");
        variables.put("SOURCECONFIG_KAFKA_SASLPASSWORD", KAFKA_SECRET);
        variables.put("SOURCECONFIG_KAFKA_SASLMECHANISMS", "SCRAM-SHA-512");
        variables.put("SOURCECONFIG_KAFKA_SECURITYPROTOCOL", "SASL_SSL");
        Map<String, String> named = new TreeMap<>();
        variables.forEach((key, value) -> named.put("MILVUS_CDC_" + key, value));
        return named;
    }

    /** What no variable of the environment can say. */
    private void trustKafka() throws IOException {
        Path config = directory.resolve("cdc").resolve("conf").resolve("cdc.yaml");
        String text = Files.readString(config);
        String section = "  kafka:\n";
        assertThat(text).contains(section);
        Files.writeString(
                config,
                text.replace(
                        section,
                        section
                                + "    consumer:\n      ssl.ca.location: '"
                                + authority.certificate()
                                + "'\n"));
    }

    private Options withEtcd(Options options, Issued own) {
        return options.with("etcd.ssl.enabled", true)
                .with("etcd.ssl.tlsCert", own.certificate().toString())
                .with("etcd.ssl.tlsKey", own.key().toString())
                .with("etcd.ssl.tlsCACert", authority.certificate().toString())
                .with("etcd.ssl.tlsMinVersion", "1.2");
    }

    private Options withKafka(Options options) {
        return options.with("kafka.brokerList", kafka.address("SASL_SSL"))
                .with("kafka.saslUsername", "cdc")
                .with("kafka.saslPassword", MILVUS_KAFKA_SECRET)
                .with("kafka.saslMechanisms", "PLAIN")
                .with("kafka.securityProtocol", "SASL_SSL")
                .with("kafka.consumer.ssl.ca.location", authority.certificate().toString())
                .with("kafka.producer.ssl.ca.location", authority.certificate().toString());
    }

    private Options secured(Options options, Issued server) {
        try {
            return options.withLogin(FIRST_LOGIN)
                    .with("common.security.tlsMode", 2)
                    .with("tls.serverPemPath", server.certificate().toString())
                    .with("tls.serverKeyPath", server.key().toString())
                    .with("tls.caPemPath", authority.certificate().toString())
                    .withTls(authority.clients(client, ""));
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
            return;
        }
        if (kafka != null) {
            kafka.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    @Test
    void aSecuredSourceIsReplicatedAndNoSecretIsSeenAnywhere() throws Exception {
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
            awaitEqual();
            crawlFlink("while it runs");

            changePassword(TARGET_SECRET, OTHER_SECRET);
            source.insert(ROWS, new SampleRows(SCHEMA, 100, 1, 0));
            awaitPaused(task, "check the user and password");
            crawlFlink("after a refused login");
            changePassword(OTHER_SECRET, TARGET_SECRET);
            send("resume", task);
            awaitEqual();

            changeEtcdPassword(OTHER_SECRET);
            awaitPaused(task, "refuses the login: check the etcd username and password");
            changeEtcdPassword(ETCD_SECRET);
            source.insert(ROWS, new SampleRows(SCHEMA, 200, 1, 0));
            send("resume", task);
            awaitEqual();

            kafka.setScramPassword("cdc", OTHER_SECRET);
            awaitPaused(task, "refuses the login: check user, password and mechanism");
            crawlFlink("after Kafka refused the login");
            kafka.setScramPassword("cdc", KAFKA_SECRET);
            source.insert(ROWS, new SampleRows(SCHEMA, 300, 1, 0));
            send("resume", task);
            awaitEqual();
        }
        for (String type : List.of("get", "list", "position", "maintenance", "unheard-of")) {
            send(type, task);
        }
        noteFaultyRequests();
        notePages();
        noteThreads();
        noteFiles();
        send("pause", task);
        send("delete", task);
        noteFiles();
        noteArguments();
        assertThat(seen.keySet())
                .anyMatch(where -> where.contains("/jobs/"))
                .anyMatch(where -> where.contains("/subtasks/0/attempts/0"))
                .anyMatch(where -> where.contains("chk-"))
                .anyMatch(where -> where.contains("/tasks/"))
                .anyMatch(where -> where.endsWith("milvus-cdc.log"));
        assertThat(seen.get("/metrics")).contains("milvus_cdc");

        for (Map.Entry<String, String> secret : secrets().entrySet()) {
            for (Map.Entry<String, String> place : seen.entrySet()) {
                assertThat(place.getValue().contains(secret.getValue()))
                        .as("%s is seen in %s", secret.getKey(), place.getKey())
                        .isFalse();
            }
        }
    }

    private void send(String type, String task) {
        note(type, cdc.send(type, json.createObjectNode().put("task_id", task)));
    }

    private void awaitPaused(String task, String reason) {
        Await.until("the task to be paused", BOUND, () -> cdc.state(task).equals("Paused"));
        assertThat(cdc.reason(task)).contains(reason);
        note("get when it's paused: " + reason, cdc.send("get", taskId(task)));
    }

    private ObjectNode taskId(String task) {
        return json.createObjectNode().put("task_id", task);
    }

    private void changeEtcdPassword(String password) {
        etcd.change(
                auth ->
                        auth.userChangePassword(
                                SecuredEtcd.bytes("cdc"), SecuredEtcd.bytes(password)));
    }

    /** Requests that can't be understood, with secrets in them. */
    private void noteFaultyRequests() throws Exception {
        for (String body :
                List.of(
                        "{\"request_type\": \"create\", \"request_data\": {\"token\": \""
                                + TARGET_SECRET,
                        "{\"request_type\": \"create\", \"request_data\":"
                                + " {\"milvus_connect_param\": {\"uri\": \"http://127.0.0.1:1\","
                                + " \"token\": {\"a\": \""
                                + TARGET_SECRET
                                + "\"}}}}",
                        "{\"request_type\": \"create\", \"request_data\":"
                                + " {\"milvus_connect_param\": {\"uri\": \"http://root:"
                                + TARGET_SECRET
                                + "@127.0.0.1:1\"}, \"collection_infos\": [{\"name\": \"*\"}]}}")) {
            note(
                    "a faulty request: " + body.hashCode(),
                    plane.apiUrl(),
                    BodyPublishers.ofString(body));
        }
    }

    /** What the server shows to whoever has its token, and to whoever has none. */
    private void notePages() throws Exception {
        String api = plane.apiUrl().replace("/cdc", "");
        for (String path : List.of("/healthz", "/openapi.yaml", "/nothing", "/metrics")) {
            note("API " + path, api + path, null);
        }
        for (String path : List.of("/cdc/metrics", "/metrics", "/nothing")) {
            note(path, "http://127.0.0.1:" + managementPort + path, null);
        }
    }

    private void note(String what, String url, BodyPublisher body) throws Exception {
        for (String token : List.of(API_SECRET, "not-" + WRONG_SECRET)) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Authorization", "Bearer " + token);
            if (body != null) {
                request.POST(body);
            }
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            seen.put(
                    token.equals(API_SECRET) ? what : what + " without a login",
                    answer.statusCode() + " " + answer.headers().map() + " " + answer.body());
        }
    }

    /** Their names; of Java's threads Flink's thread dumps have the whole ones. */
    private void noteThreads() throws IOException {
        Path threads = Path.of("/proc", "" + plane.process().pid(), "task");
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                noteFile(thread.resolve("comm"));
            }
        }
    }

    private Map<String, String> secrets() throws IOException {
        Map<String, String> secrets = new TreeMap<>();
        for (String secret :
                List.of(
                        TARGET_SECRET,
                        WRONG_SECRET,
                        OTHER_SECRET,
                        API_SECRET,
                        KAFKA_SECRET,
                        ETCD_SECRET,
                        ETCD_ADMIN_SECRET,
                        MILVUS_KAFKA_SECRET,
                        STORE_KEY)) {
            secrets.put(secret, secret);
        }
        for (String login : List.of(TARGET_SECRET, WRONG_SECRET)) {
            secrets.put("the header of " + login, base64("root:" + login));
        }
        secrets.put("the client's key", Files.readAllLines(client.key()).get(5));
        return secrets;
    }

    private void crawlFlink(String when) throws Exception {
        Map<String, String> pages = FlinkPages.read(plane.flinkUrl());
        assertThat(pages.get("/jobmanager/config")).contains("checkpoint");
        pages.forEach((path, page) -> seen.put("Flink " + when + path, page));
    }

    /** Logs, checkpoints, savepoints, the store and whatever else is written. */
    private void noteFiles() throws IOException {
        Path root = directory.resolve("cdc");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(root.resolve("conf"))) {
                    seen.put("the name of " + file, file.toString());
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

    private void awaitEqual() {
        MilvusAccess access = pair.target().access();
        try (MilvusReader source = MilvusReader.ofSource(pair.source().uri());
                MilvusReader target =
                        MilvusReader.ofTarget(
                                new MilvusAccess(
                                        access.uri(), "root:" + TARGET_SECRET, access.tls()))) {
            assertThat(ContentComparer.awaitEqual(source, target, BOUND).differences()).isEmpty();
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

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.ManagedChannel;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpdateCredentialRequest;
import io.milvuscdc.connectors.tls.TlsException;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.security.Authority.Issued;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusAccess;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.MilvusServer;
import io.milvuscdc.e2e.servers.MilvusServer.Options;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two real targets that want a login: one speaks TLS (tlsMode 1), the other one wants a client
 * certificate, too (tlsMode 2).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TargetSecurityITCase {

    private static final String LOGIN = "root:Milvus";
    private static final String OTHER_PASSWORD = "an-other-passw0rd";
    private static final String ROWS = "secured";
    private static final CollectionSchema SCHEMA = SampleSchemas.small(4);
    private static final Duration BOUND = Await.PATIENCE;

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, String> tasks = new TreeMap<>();
    private Path files;
    private Authority trusted;
    private Authority stranger;
    private Issued client;
    private MilvusPair pair;
    private MilvusServer oneWay;
    private ControlPlane plane;
    private CdcClient cdc;

    @BeforeAll
    void startServers() throws Exception {
        Path directory = ServerDirectory.of("target-security");
        files = directory.resolve("certificates");
        trusted = Authority.create(files, "trusted");
        stranger = Authority.create(files, "stranger");
        Issued server = trusted.issue("server");
        client = trusted.issueWithOldKey("client");
        ServerCache cache = ServerCache.fetch();
        pair =
                MilvusPair.start(
                        cache,
                        directory,
                        options ->
                                options.name().equals("target")
                                        ? secured(options, server, 2)
                                        : options.withLogin(LOGIN));
        Options more =
                new Options("oneway", pair.etcd().endpoint(), pair.kafka(), Map.of())
                        .with("common.ttMsgEnabled", false);
        FreePorts ports = new FreePorts();
        oneWay =
                MilvusServer.start(
                        cache, ports, directory.resolve("oneway"), secured(more, server, 1));
        plane =
                ControlPlane.start(
                        ports, directory.resolve("cdc"), pair.source(), Map.of(), Map.of());
        cdc = new CdcClient(plane.apiUrl());
    }

    private Options secured(Options options, Issued server, int tlsMode) {
        try {
            return options.withLogin(LOGIN)
                    .with("common.security.tlsMode", tlsMode)
                    .with("tls.serverPemPath", server.certificate().toString())
                    .with("tls.serverKeyPath", server.key().toString())
                    .with("tls.caPemPath", trusted.certificate().toString())
                    .withTls(trusted.clients(client, ""));
        } catch (TlsException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    void stopServers() {
        if (plane != null) {
            plane.close();
        }
        if (oneWay != null) {
            oneWay.close();
        }
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    @Order(1)
    void whatIsWrongWithOneWayTlsIsToldAtCreate() throws Exception {
        String ca = trusted.certificate().toString();
        assertThat(refusal(oneWay.uri(), LOGIN, Map.of()))
                .contains("by TLS: its certificate isn't one that's trusted here");
        assertThat(refusal(oneWay.uri(), LOGIN, Map.of("ca_pem_path", "" + stranger.certificate())))
                .contains("its certificate isn't one that's trusted here");
        assertThat(
                        refusal(
                                oneWay.uri(),
                                LOGIN,
                                Map.of("server_pem_path", ca, "server_name", "milvus.example")))
                .contains("its certificate is for another host")
                .contains("milvus.example")
                .contains("server name");
        assertThat(refusal(plain(oneWay), LOGIN, Map.of())).contains("got no answer");
        assertThat(refusal(secure(pair.source()), LOGIN, Map.of()))
                .contains("it doesn't speak TLS on this port");
    }

    @Test
    @Order(2)
    void filesThatCantBeUsedAreAllToldInTheSameWords() throws Exception {
        Path garbage = Files.writeString(files.resolve("garbage.pem"), "s3cret-of-another-file");
        String missing = files.resolve("no-such-file.pem").toString();
        for (String path : new String[] {missing, garbage.toString(), files.toString(), "/\0"}) {
            String answer = refusal(oneWay.uri(), LOGIN, Map.of("server_pem_path", path));
            assertThat(answer)
                    .isEqualTo(
                            "fail to handle the create request, error: fail to connect the milvus:"
                                    + " dial_config.server_pem_path: '"
                                    + path
                                    + "' can't be read as a file with PEM certificates on the host"
                                    + " of the control plane; its log says why");
        }
        assertThat(Files.readString(plane.process().log()))
                .contains("there's no such file")
                .contains("it holds no certificate")
                .doesNotContain("s3cret-of-another-file");
    }

    @Test
    @Order(3)
    void whatIsWrongWithTwoWayTlsIsToldAtCreate() throws Exception {
        String target = pair.target().uri();
        String ca = trusted.certificate().toString();
        Issued other = stranger.issue("strange-client");
        assertThat(refusal(target, LOGIN, Map.of("ca_pem_path", ca)))
                .contains("it refuses the certificate shown to it, or wants one and got none");
        assertThat(refusal(target, LOGIN, twoWay(other)))
                .contains("it refuses the certificate shown to it");
        assertThat(refusal(target, LOGIN, twoWay(new Issued(client.certificate(), other.key()))))
                .contains("client_key_path isn't the key of the certificate in client_pem_path");
        assertThat(
                        refusal(
                                target,
                                LOGIN,
                                Map.of(
                                        "ca_pem_path",
                                        ca,
                                        "client_pem_path",
                                        client.certificate().toString())))
                .contains("go together, but client_key_path is missing");
    }

    @Test
    @Order(4)
    void aWrongLoginIsToldAtCreate() throws Exception {
        Map<String, String> dial = Map.of("ca_pem_path", trusted.certificate().toString());
        for (String login : new String[] {"", "root:wrong-passw0rd", "nobody:Milvus"}) {
            assertThat(refusal(oneWay.uri(), login, dial))
                    .contains("check the user and password, or the token, of the target")
                    .doesNotContain("wrong-passw0rd");
        }
    }

    @Test
    @Order(5)
    void replicatesByOneWayAndTwoWayTlsWithLogins() throws Exception {
        // the scheme follows from dial_config
        tasks.put(
                "oneway",
                create(
                        plain(oneWay),
                        LOGIN,
                        Map.of(
                                "server_pem_path",
                                trusted.certificate().toString(),
                                "server_name",
                                "localhost")));
        tasks.put("target", create(pair.target().uri(), LOGIN, twoWay(client)));
        try (MilvusSession source = MilvusSession.open(pair.source().access())) {
            source.createCollection(ROWS, SCHEMA, CollectionSettings.plain().withShards(2));
            source.indexVectors(ROWS);
            source.load(ROWS);
            source.createPartition(ROWS, "later");
            source.insert(ROWS, new SampleRows(SCHEMA, 1, 100, 0));
            source.insert(ROWS, "later", new SampleRows(SCHEMA, 101, 50, 0));
            source.flush(ROWS);
            source.createAlias("guarded", ROWS);
        }
        awaitRows(oneWay.access(), 150);
        awaitRows(pair.target().access(), 150);
        // a running task with the right login doesn't lend it to a request with a wrong one
        assertThat(refusal(pair.target().uri(), "root:wrong-passw0rd", twoWay(client)))
                .contains("check the user and password");
    }

    @Test
    @Order(6)
    void aPasswordThatChangesPausesTheTaskUntilItIsChangedBack() throws Exception {
        String task = tasks.get("target");
        changePassword(pair.target().access(), "Milvus", OTHER_PASSWORD);
        // with a row to send
        insertMore(1_000);
        Await.until("the task to be paused", BOUND, () -> cdc.state(task).equals("Paused"));
        assertThat(cdc.reason(task))
                .contains("check the user and password, or the token, of the target")
                .doesNotContain("Milvus:Milvus", OTHER_PASSWORD);
        MilvusAccess access = pair.target().access();
        changePassword(
                new MilvusAccess(access.uri(), "root:" + OTHER_PASSWORD, access.tls()),
                OTHER_PASSWORD,
                "Milvus");
        cdc.resume(task);
        awaitRows(access, 151);
        awaitRows(oneWay.access(), 151);
    }

    @Test
    @Order(7)
    void aCertificateThatIsGonePausesTheTaskAtItsNextStart() throws Exception {
        String task = tasks.get("target");
        cdc.pause(task);
        Path away = files.resolve("away.pem");
        Files.move(client.certificate(), away);
        cdc.resume(task);
        Await.until("the task to be paused", BOUND, () -> !cdc.reason(task).isEmpty());
        assertThat(cdc.reason(task)).contains("dial_config.client_pem_path");
        Files.move(away, client.certificate());
        cdc.resume(task);
        insertMore(1_001);
        awaitRows(pair.target().access(), 152);
    }

    private void insertMore(long key) {
        try (MilvusSession source = MilvusSession.open(pair.source().access())) {
            source.insert(ROWS, new SampleRows(SCHEMA, key, 1, 0));
        }
    }

    private static void awaitRows(MilvusAccess access, long rows) {
        try (MilvusReader target = MilvusReader.ofTarget(access)) {
            Await.until(
                    rows + " rows at " + access,
                    BOUND,
                    () ->
                            target.outline().collections().containsKey("default." + ROWS)
                                    && target.collection("default", ROWS, false)
                                            .count()
                                            .filter(count -> count == rows)
                                            .isPresent());
        }
    }

    private static void changePassword(MilvusAccess access, String from, String to) {
        ManagedChannel channel = access.channel(1 << 20);
        try {
            Status status =
                    MilvusServiceGrpc.newBlockingStub(channel)
                            .updateCredential(
                                    UpdateCredentialRequest.newBuilder()
                                            .setUsername("root")
                                            .setOldPassword(base64(from))
                                            .setNewPassword(base64(to))
                                            .build());
            assertThat(status.getCode()).as(status.getReason()).isZero();
        } finally {
            channel.shutdownNow();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private Map<String, String> twoWay(Issued own) {
        return Map.of(
                "ca_pem_path", trusted.certificate().toString(),
                "client_pem_path", own.certificate().toString(),
                "client_key_path", own.key().toString());
    }

    private static String plain(MilvusServer server) {
        return server.uri().replace("https:", "http:");
    }

    private static String secure(MilvusServer server) {
        return server.uri().replace("http:", "https:");
    }

    private String create(String uri, String token, Map<String, String> dial) {
        JsonNode answer = cdc.send("create", request(uri, token, dial));
        assertThat(answer.path("code").asInt()).as("%s", answer).isEqualTo(200);
        return answer.path("data").path("task_id").asText();
    }

    private String refusal(String uri, String token, Map<String, String> dial) {
        JsonNode answer = cdc.send("create", request(uri, token, dial));
        assertThat(answer.path("code").asInt()).as("%s", answer).isEqualTo(500);
        return answer.path("message").asText();
    }

    private ObjectNode request(String uri, String token, Map<String, String> dial) {
        ObjectNode data = json.createObjectNode();
        ObjectNode milvus =
                data.putObject("milvus_connect_param")
                        .put("uri", uri)
                        .put("token", token)
                        .put("connect_timeout", 5);
        ObjectNode dialConfig = milvus.putObject("dial_config");
        dial.forEach(dialConfig::put);
        data.putArray("collection_infos").addObject().put("name", "*");
        return data;
    }
}

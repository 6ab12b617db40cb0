// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.MilvusSource;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.config.ConfigReader;
import io.milvuscdc.e2e.security.Authority.Issued;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.PulsarServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import milvus.proto.msg.Msg.TimeTickMsg;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A real broker with logins, rights and certificates, reached by what a cdc.yaml says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class PulsarSecurityITCase {

    private static final String CHANNEL = "by-dev-rootcoord-dml_0";
    private static final String PROVIDER =
            "org.apache.pulsar.broker.authentication.AuthenticationProvider";
    private static final String KEY = "a-k3y-that-signs-tokens-of-this-test-only";
    private static final int MESSAGES = 5;

    private Path directory;
    private Path certificates;
    private Authority trusted;
    private Issued client;
    private PulsarServer pulsar;
    private int tlsPort;

    @BeforeAll
    void startServer() throws Exception {
        directory = ServerDirectory.of("pulsar-security");
        certificates = directory.resolve("certificates");
        trusted = Authority.create(certificates, "trusted");
        client = trusted.issue("cdc");
        Issued server = trusted.issue("server");
        FreePorts ports = new FreePorts();
        tlsPort = ports.next();
        Map<String, String> settings = new TreeMap<>();
        settings.put("brokerServicePortTls", Integer.toString(tlsPort));
        settings.put("tlsCertificateFilePath", server.certificate().toString());
        settings.put("tlsKeyFilePath", server.key().toString());
        settings.put("tlsTrustCertsFilePath", trusted.certificate().toString());
        settings.put("tlsRequireTrustedClientCertOnConnect", "true");
        settings.put("authenticationEnabled", "true");
        settings.put("authenticationProviders", PROVIDER + "Token," + PROVIDER + "Tls");
        settings.put("tokenSecretKey", "data:;base64," + base64(KEY));
        settings.put("authorizationEnabled", "true");
        settings.put("superUserRoles", "admin");
        settings.put(
                "brokerClientAuthenticationPlugin",
                "org.apache.pulsar.client.impl.auth.AuthenticationToken");
        settings.put("brokerClientAuthenticationParameters", token("admin"));
        pulsar =
                PulsarServer.start(
                        ServerCache.fetchWithPulsar(PulsarServer.Options.USUAL),
                        ports,
                        directory.resolve("pulsar"),
                        new PulsarServer.Options(
                                PulsarServer.Options.USUAL, settings, token("admin")));
        make("tenants/milvus", "{\"adminRoles\":[],\"allowedClusters\":[\"standalone\"]}");
        make("namespaces/milvus/source", "{}");
        // that much is enough for the task's role
        ask("POST", "namespaces/milvus/source/permissions/cdc", "[\"consume\"]");
        produce();
    }

    private void make(String what, String content) throws IOException, InterruptedException {
        ask("PUT", what, content);
    }

    private void ask(String method, String path, String content)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + pulsar.webPort()
                                                                + "/admin/v2/"
                                                                + path))
                                        .header("Authorization", "Bearer " + token("admin"))
                                        .header("Content-Type", "application/json")
                                        .method(
                                                method,
                                                HttpRequest.BodyPublishers.ofString(content))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isLessThan(300);
    }

    private void produce() throws Exception {
        try (PulsarClient admin =
                        PulsarClient.builder()
                                .serviceUrl(pulsar.serviceUrl())
                                .authentication(AuthenticationFactory.token(token("admin")))
                                .build();
                Producer<byte[]> producer =
                        admin.newProducer()
                                .topic("milvus/source/" + CHANNEL)
                                .enableBatching(false)
                                .create()) {
            for (long tick = 1; tick <= MESSAGES; tick++) {
                producer.send(
                        TimeTickMsg.newBuilder()
                                .setBase(
                                        MsgBase.newBuilder()
                                                .setMsgType(MsgType.TimeTick)
                                                .setTimestamp(tick << 18))
                                .build()
                                .toByteArray());
            }
        }
    }

    @AfterAll
    void stopServer() {
        if (pulsar != null) {
            pulsar.close();
        }
    }

    @Test
    void readsWithATokenWhoseRoleMayConsume() throws Exception {
        assertReads(channels(plain(), login("cdc")));
    }

    @Test
    void readsWithAClientCertificate() throws Exception {
        assertReads(channels(tls(), trust(trusted) + ", " + clientCertificate()));
    }

    @Test
    void aWrongTokenIsToldInWords() throws Exception {
        assertRefused(
                channels(plain(), login("cdc").replace("token:ey", "token:eyx")),
                "it refuses the login");
        assertRefused(channels(plain(), "tenant: milvus"), "it refuses the login");
    }

    @Test
    void aLoginWithoutTheRightIsToldInWords() throws Exception {
        assertRefused(
                channels(plain(), login("stranger")), "allow its role to consume", "milvus/source");
    }

    @Test
    void wrongCertificatesAreToldInWords() throws Exception {
        Authority stranger = Authority.create(certificates, "stranger");
        assertRefused(
                channels(tls(), trust(stranger) + ", " + clientCertificate()),
                "its certificate isn't one that's trusted here");
        assertRefused(channels(tls(), trust(trusted)), "client certificate");
    }

    private static void assertRefused(SourceChannels channels, String... words) {
        assertThatThrownBy(() -> ends(channels))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(words).doesNotContain("eyJ"));
    }

    private static Map<String, ?> ends(SourceChannels channels) throws IOException {
        try (ChannelEnds ends = channels.queue().ends(channels)) {
            return ends.ends();
        }
    }

    private static void assertReads(SourceChannels channels) throws Exception {
        assertThat(ends(channels)).containsKey(CHANNEL);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        try (CloseableIterator<ChannelMessage> messages =
                environment
                        .fromSource(
                                MilvusSource.of(channels, StartPoint.BEGINNING, "task"),
                                WatermarkStrategy.noWatermarks(),
                                "source")
                        .executeAndCollect()) {
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(messages.next()).isNotNull();
            }
        }
        channels.queue().release(channels, "task");
    }

    private String plain() {
        return pulsar.serviceUrl();
    }

    private String tls() {
        return "pulsar+ssl://127.0.0.1:" + tlsPort;
    }

    private static String login(String role) {
        return "tenant: milvus, authPlugin: token, authParams: 'token:" + token(role) + "'";
    }

    private static String trust(Authority authority) {
        return "tenant: milvus, tlsTrustCertsFilePath: '" + authority.certificate() + "'";
    }

    private String clientCertificate() {
        return "authPlugin: tls, authParams: 'tlsCertFile:"
                + client.certificate()
                + ",tlsKeyFile:"
                + client.key()
                + "'";
    }

    /** A JSON web token, as {@code pulsar tokens create} makes it. */
    private static String token(String role) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String signed =
                    url("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8))
                            + "."
                            + url(("{\"sub\":\"" + role + "\"}").getBytes(StandardCharsets.UTF_8));
            return signed + "." + url(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no HMAC", e);
        }
    }

    private static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a cdc.yaml with these keys of {@code sourceConfig.pulsar} makes of them. */
    private SourceChannels channels(String address, String keys) throws Exception {
        Path conf = Files.createDirectories(directory.resolve("cdc").resolve("conf"));
        Files.writeString(conf.resolve("config.yaml"), "");
        Path file =
                Files.writeString(
                        conf.resolve("cdc.yaml"),
                        "sourceConfig: {pulsar: {address: '"
                                + address
                                + "', namespace: source, "
                                + keys
                                + "}}\n");
        return ConfigReader.of(file).read().source().channels();
    }
}

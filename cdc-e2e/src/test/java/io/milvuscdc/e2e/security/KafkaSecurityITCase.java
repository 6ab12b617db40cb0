// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.FlushRequest;
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
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A real broker with logins and certificates, reached by what a cdc.yaml says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class KafkaSecurityITCase {

    private static final String TOPIC = "by-dev-rootcoord-dml_0";
    private static final String PASSWORD = "kafka-s3cret\"\\";
    private static final int MESSAGES = 5;

    private Path directory;
    private Authority trusted;
    private Issued client;
    private SecuredKafka kafka;

    @BeforeAll
    void startServer() throws Exception {
        directory = ServerDirectory.of("kafka-security");
        Path certificates = directory.resolve("certificates");
        trusted = Authority.create(certificates, "trusted");
        client = trusted.issueWithOldKey("client");
        kafka =
                SecuredKafka.start(
                        ServerCache.fetch(),
                        new FreePorts(),
                        directory.resolve("kafka"),
                        trusted,
                        PASSWORD);
        kafka.setScramPassword("cdc", PASSWORD);
        produce();
    }

    private void produce() throws Exception {
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        bootstrap(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long tick = 1; tick <= MESSAGES; tick++) {
                byte[] message =
                        FlushRequest.newBuilder()
                                .setBase(
                                        MsgBase.newBuilder()
                                                .setMsgTypeValue(MsgType.TimeTick_VALUE)
                                                .setTimestamp(tick << 18))
                                .build()
                                .toByteArray();
                producer.send(new ProducerRecord<>(TOPIC, message)).get();
            }
        }
    }

    private Properties bootstrap() {
        Properties properties = new Properties();
        properties.setProperty(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.server().bootstrapServers());
        return properties;
    }

    @AfterAll
    void stopServer() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @Test
    void readsWithPlainLogin() throws Exception {
        assertReads(channels("SASL_PLAINTEXT", login("PLAIN")));
    }

    @Test
    void readsWithScramLogins() throws Exception {
        assertReads(channels("SASL_PLAINTEXT", login("SCRAM-SHA-256")));
        assertThat(ends(channels("SASL_PLAINTEXT", login("SCRAM-SHA-512")))).containsKey(TOPIC);
    }

    @Test
    void readsWithLoginAndCertificatesInLibrdkafkasWords() throws Exception {
        assertReads(
                channels(
                        "SASL_SSL",
                        login("SCRAM-SHA-512") + ", " + consumer(trusted.certificate(), "")));
    }

    @Test
    void readsWithAClientCertificate() throws Exception {
        String own =
                ", ssl.certificate.location: '"
                        + client.certificate()
                        + "', ssl.key.location: '"
                        + client.key()
                        + "'";
        assertReads(
                channels("SSL", "securityProtocol: ssl, " + consumer(trusted.certificate(), own)));
    }

    @Test
    void aRunningJobOutlivesABrokerThatIsAwayAndEndsWhenItsPasswordIsChanged() throws Exception {
        try (CloseableIterator<ChannelMessage> messages =
                read(
                        channels(
                                "SASL_SSL",
                                login("SCRAM-SHA-512")
                                        + ", "
                                        + consumer(trusted.certificate(), "")))) {
            take(messages, MESSAGES);
            kafka.server().killAndRestart();
            produce();
            take(messages, MESSAGES);
            kafka.setScramPassword("cdc", "an-other-s3cret");

            assertEnds(messages, "it refuses the login: check user, password and mechanism");
        } finally {
            kafka.setScramPassword("cdc", PASSWORD);
        }
    }

    @Test
    void aRunningJobEndsWhenItMayNotReadAnyLonger() throws Exception {
        AclBinding denied =
                new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL),
                        new AccessControlEntry(
                                "User:cdc", "*", AclOperation.READ, AclPermissionType.DENY));
        try (Admin admin = kafka.admin();
                CloseableIterator<ChannelMessage> messages =
                        read(channels("SASL_PLAINTEXT", login("PLAIN")))) {
            take(messages, MESSAGES);
            admin.createAcls(List.of(denied)).all().get();
            try {
                assertEnds(messages, "grant the user of sourceConfig.kafka Read and Describe");
            } finally {
                admin.deleteAcls(List.of(denied.toFilter())).all().get();
            }
        }
    }

    private static void assertEnds(CloseableIterator<ChannelMessage> messages, String words) {
        assertThatThrownBy(
                        () -> {
                            while (messages.hasNext()) {
                                messages.next();
                            }
                        })
                .hasStackTraceContaining(words)
                .satisfies(
                        failure ->
                                assertThat(ExceptionUtils.stringifyException(failure))
                                        .doesNotContain("s3cret"));
    }

    @Test
    void whatIsWrongIsToldInWordsAndInTime() throws Exception {
        Authority stranger = Authority.create(directory.resolve("certificates"), "stranger");
        assertRefused(
                channels("SASL_PLAINTEXT", login("PLAIN").replace("kafka-s3cret", "wrong-s3cret")),
                "it refuses the login");
        assertRefused(
                channels(
                        "SASL_PLAINTEXT",
                        login("SCRAM-SHA-256").replace("kafka-s3cret", "wrong-s3cret")),
                "it refuses the login");
        assertRefused(
                channels("SASL_SSL", login("PLAIN") + ", " + consumer(stranger.certificate(), "")),
                "its certificate isn't one that's trusted here");
        assertRefused(
                channels("SSL", "securityProtocol: SSL, " + consumer(trusted.certificate(), "")),
                "it refuses the certificate shown to it");
        assertRefused(channels("SASL_PLAINTEXT", "saslMechanisms: PLAIN"), "securityProtocol");
    }

    private static void assertRefused(SourceChannels channels, String words) {
        assertThatThrownBy(() -> ends(channels))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("s3cret");
    }

    private static Map<String, ?> ends(SourceChannels channels) throws IOException {
        try (ChannelEnds ends = channels.queue().ends(channels)) {
            return ends.ends();
        }
    }

    private static void assertReads(SourceChannels channels) throws Exception {
        assertThat(ends(channels)).containsKey(TOPIC);
        try (CloseableIterator<ChannelMessage> messages = read(channels)) {
            take(messages, MESSAGES);
        }
    }

    /** Restarted for ever, but for what a restart can't mend. */
    private static CloseableIterator<ChannelMessage> read(SourceChannels channels)
            throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        environment.enableCheckpointing(100);
        return environment
                .fromSource(
                        MilvusSource.of(channels, StartPoint.BEGINNING, "task"),
                        WatermarkStrategy.noWatermarks(),
                        "source")
                .executeAndCollect();
    }

    private static void take(CloseableIterator<ChannelMessage> messages, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(messages.next()).isNotNull();
        }
    }

    private static String login(String mechanism) {
        return "saslUsername: cdc, saslPassword: 'kafka-s3cret\"\\', saslMechanisms: " + mechanism;
    }

    private static String consumer(Path ca, String more) {
        return "consumer: {ssl.ca.location: '" + ca + "'" + more + "}";
    }

    /** What a cdc.yaml with these keys of {@code sourceConfig.kafka} makes of them. */
    private SourceChannels channels(String listener, String keys) throws Exception {
        String protocol =
                listener.startsWith("SASL") && keys.contains("saslUsername")
                        ? ", securityProtocol: " + listener
                        : "";
        Path conf = Files.createDirectories(directory.resolve("cdc").resolve("conf"));
        Files.writeString(conf.resolve("config.yaml"), "");
        Path file =
                Files.writeString(
                        conf.resolve("cdc.yaml"),
                        "sourceConfig: {kafka: {address: '"
                                + kafka.address(listener)
                                + "', "
                                + keys
                                + protocol
                                + "}}\n");
        return ConfigReader.of(file).read().source().channels();
    }
}

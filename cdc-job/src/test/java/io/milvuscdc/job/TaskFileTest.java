// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.pulsar.PulsarLogin;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.pulsar.PulsarTls;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.source.KafkaQueue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskFileTest {

    private static final String LEAST =
            """
            taskId: t1
            source:
              etcd: {address: ["http://etcd:2379"]}
              kafka: {address: "kafka:9092"}
            target: {uri: "http://target:19530", token: "from-file"}
            startOffsets: {by-dev-rootcoord-dml_0: 7}
            """;

    private static final String ON_PULSAR =
            """
            taskId: t1
            source:
              etcd: {address: ["http://etcd:2379"]}
              pulsar: {%s}
            target: {uri: "http://target:19530"}
            """;

    @TempDir private Path directory;

    @Test
    void whatIsLeftOutHasTheDefaultsOfMilvus() throws IOException {
        TaskSpec spec = read(LEAST).toSpec(Map.of(), directory);

        assertThat(spec.etcd().metaRoot()).isEqualTo("by-dev/meta");
        assertThat(spec.channels().pchannelPrefix()).isEqualTo("by-dev-rootcoord-dml");
        assertThat(spec.channels().replicateChannel()).isEqualTo("by-dev-replicate-msg");
        assertThat(spec.guarantee()).isEqualTo(DeliveryGuarantee.EXACTLY_ONCE);
        assertThat(spec.checkpointInterval()).isEqualTo(Duration.ofMillis(400));
        assertThat(spec.start().channels())
                .containsEntry("by-dev-rootcoord-dml_0", MqPosition.ofKafkaOffset(7));
        assertThat(spec.target().token()).isEqualTo("from-file");
    }

    @Test
    void aJobThatGoesOnKnowsThatItsStartWasMadeAnew() throws IOException {
        Path file = Files.writeString(directory.resolve("task.yaml"), LEAST);
        String[] arguments = {"--task", file.toString()};

        assertThat(ReplicationMain.task(arguments, Map.of(), false).start().replanned()).isFalse();
        assertThat(ReplicationMain.task(arguments, Map.of(), true).start().replanned()).isTrue();
    }

    @Test
    void everyKeyCounts() throws IOException {
        TaskSpec spec =
                read("""
                        taskId: t2
                        source:
                          etcd:
                            address: [a, b]
                            rootPath: prod
                            metaSubPath: m
                            username: u
                            password: p
                          kafka:
                            address: k
                            properties: {security.protocol: SSL}
                          replicateChan: prod-replicate-msg
                        target: {uri: "http://t:1", connectTimeout: 3 s}
                        guarantee: at-least-once
                        checkpointInterval: 200 ms
                        startFrom: latest
                        startOffsets: {}
                        """)
                        .toSpec(
                                Map.of(
                                        TaskFile.TOKEN_VARIABLE, "from-environment",
                                        TaskFile.ETCD_PASSWORD_VARIABLE, "q"),
                                directory);

        assertThat(spec.etcd().metaRoot()).isEqualTo("prod/m");
        assertThat(spec.etcd().username()).isEqualTo("u");
        assertThat(spec.etcd().password()).isEqualTo("q");
        assertThat(((KafkaQueue) spec.channels().queue()).properties())
                .containsEntry("security.protocol", "SSL");
        assertThat(spec.channels().pchannelPrefix()).isEqualTo("prod-rootcoord-dml");
        assertThat(spec.target().token()).isEqualTo("from-environment");
        assertThat(spec.target().connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(spec.guarantee()).isEqualTo(DeliveryGuarantee.AT_LEAST_ONCE);
        assertThat(spec.checkpointInterval()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void withoutASelectionEverythingIsReplicatedUnderItsOwnName() throws IOException {
        assertThat(read(LEAST).toSpec(Map.of(), directory).scope())
                .isEqualTo(ReplicationScope.EVERYTHING);
    }

    @Test
    void selectionMappingAndStartsAreTheFiles() throws IOException {
        String position =
                new ChannelPosition("dml_0", MqPosition.ofKafkaOffset(42), 0)
                        .toBase64(MqMessageIds.KAFKA);
        TaskFile file =
                read(
                        """
                        taskId: t1
                        source:
                          etcd: {address: ["http://etcd:2379"]}
                          kafka: {address: "kafka:9092"}
                        target: {uri: "http://target:19530"}
                        collections:
                          - {name: plain}
                          - {database: shop, name: "*", startFrom: collection-start}
                          - {database: stock, name: items, positions: {by-dev-rootcoord-dml_0_444v0: "%1$s"}}
                        exclude:
                          - {database: shop, name: secret}
                        nameMapping:
                          - {sourceDatabase: shop, targetDatabase: store, collections: {orders: o}}
                          - {sourceDatabase: stock, targetDatabase: depot}
                        ignorePartitions: true
                        userRoles: true
                        operationsPosition: "%1$s"
                        """
                                .formatted(position));
        StartRequest start = file.startRequest(MqMessageIds.KAFKA);

        assertThat(start.selection())
                .isEqualTo(
                        new Selection(
                                List.of(
                                        new CollectionPattern("default", "plain"),
                                        new CollectionPattern("shop", "*"),
                                        new CollectionPattern("stock", "items")),
                                List.of(new CollectionPattern("shop", "secret"))));
        assertThat(start.fromCollectionStart()).containsExactly(new CollectionPattern("shop", "*"));
        assertThat(start.positions()).containsOnlyKeys("by-dev-rootcoord-dml_0_444v0");
        assertThat(start.operations())
                .map(ChannelPosition::position)
                .contains(new MqPosition(0, 42));
    }

    @Test
    void theScopeReachesTheTask() throws IOException {
        TaskFile file =
                read(
                        LEAST
                                + """
                                nameMapping:
                                  - {sourceDatabase: shop, targetDatabase: store, collections: {orders: o}}
                                ignorePartitions: true
                                userRoles: true
                                """);
        ReplicationScope scope = file.toSpec(Map.of(), directory).scope();

        assertThat(scope.selection().coversEverything()).isTrue();
        assertThat(scope.names().collection("shop", "orders"))
                .isEqualTo(new NameMapping.Name("store", "o"));
        assertThat(scope.ignorePartitions()).isTrue();
        assertThat(scope.userRoles()).isTrue();
    }

    @Test
    void offsetsAndAnotherStartContradictEachOther() throws IOException {
        TaskFile file = read(LEAST + "startFrom: collection-start\n");

        assertThatThrownBy(() -> file.toSpec(Map.of(), directory))
                .hasMessageContaining("startOffsets");
    }

    @Test
    void aSelectionThatSelectsNothingIsRefused() throws IOException {
        TaskFile file = read(LEAST + "collections: []\n");

        assertThatThrownBy(() -> file.toSpec(Map.of(), directory))
                .hasMessageContaining("collections is empty");
    }

    @Test
    void aCollectionsStartSaysWhatIsAllowed() throws IOException {
        TaskFile file = read(LEAST + "collections: [{name: a, startFrom: then}]\n");

        assertThatThrownBy(() -> file.toSpec(Map.of(), directory))
                .hasMessageContaining("default.a: startFrom is latest or collection-start");
    }

    @Test
    void certificatesAreReadBesideTheFileAndSecretsComeFromTheEnvironment() throws Exception {
        writeCertificate();
        TaskSpec spec =
                read("""
                        taskId: t2
                        source:
                          etcd:
                            address: [http://a:1]
                            tls: {ca: own.pem}
                          kafka:
                            address: k
                            username: cdc
                            mechanism: SCRAM-SHA-512
                            tls: {ca: own.pem, certificate: own.pem, key: own.key}
                            properties: {fetch.max.bytes: "7"}
                        target:
                          uri: http://t:1
                          tls: {ca: own.pem, certificate: own.pem, key: own.key, serverName: milvus}
                        startOffsets: {}
                        """)
                        .toSpec(Map.of(TaskFile.KAFKA_PASSWORD_VARIABLE, "p\"w"), directory);

        String pem = Files.readString(directory.resolve("own.pem"));
        assertThat(spec.etcd().endpoints()).containsExactly("https://a:1");
        assertThat(spec.etcd().tls().trusted()).isEqualTo(pem);
        assertThat(((KafkaQueue) spec.channels().queue()).properties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("ssl.truststore.certificates", pem)
                .containsEntry("ssl.keystore.certificate.chain", pem)
                .containsEntry("fetch.max.bytes", "7")
                .extractingByKey("sasl.jaas.config")
                .asString()
                .contains("username=\"cdc\" password=\"p\\\"w\"");
        assertThat(spec.target().uri()).isEqualTo("https://t:1");
        assertThat(spec.target().tls().serverName()).isEqualTo("milvus");
        assertThat(spec.target().tls().certificate()).isEqualTo(pem);
        assertThat(spec.toString()).doesNotContain("p\"w").doesNotContain("PRIVATE KEY");
    }

    @Test
    void aCertificateThatIsMissingIsNamedByItsKey() throws IOException {
        TaskFile missing = read(LEAST.replace("\"from-file\"", "x, tls: {ca: nowhere.pem}"));
        assertThatThrownBy(() -> missing.toSpec(Map.of(), directory))
                .hasMessageContaining("target.tls.ca")
                .hasMessageContaining("there's no such file");
        TaskFile half = read(LEAST.replace("\"from-file\"", "x, tls: {certificate: c.pem}"));
        assertThatThrownBy(() -> half.toSpec(Map.of(), directory))
                .hasMessageContaining("target.tls.certificate and target.tls.key go together");
    }

    private void writeCertificate() throws Exception {
        Path store = directory.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "own",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "only-here")
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "only-here".toCharArray());
        }
        writePem("own.pem", "CERTIFICATE", keys.getCertificate("own").getEncoded());
        writePem(
                "own.key",
                "PRIVATE KEY",
                keys.getKey("own", "only-here".toCharArray()).getEncoded());
    }

    private void writePem(String file, String type, byte[] content) throws IOException {
        Files.writeString(
                directory.resolve(file),
                "-----BEGIN "
                        + type
                        + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(content)
                        + "\n-----END "
                        + type
                        + "-----\n");
    }

    @Test
    void theSourceMayBeOnPulsar() throws IOException {
        TaskFile least = read(ON_PULSAR.formatted("address: \"pulsar://p:6650\""));
        TaskFile all =
                read(
                        ON_PULSAR.formatted(
                                """
                                address: "pulsar+ssl://p:6651", tenant: t, namespace: n,
                                authPlugin: a.Plugin, authParams: '{"token": "secret"}',
                                tlsTrustCertsFile: /ca.pem\
                                """));

        assertThat(least.source().queue(Map.of(), directory))
                .isEqualTo(PulsarQueue.of("pulsar://p:6650"));
        assertThat(all.source().queue(Map.of(), directory))
                .isEqualTo(
                        new PulsarQueue(
                                "pulsar+ssl://p:6651",
                                "t",
                                "n",
                                new PulsarLogin("a.Plugin", "{\"token\": \"secret\"}"),
                                new PulsarTls("/ca.pem", true)));
        assertThat(all.source().toString() + all.source().queue(Map.of(), directory))
                .doesNotContain("secret");
    }

    @Test
    void offsetsAreRefusedOnPulsar() throws IOException {
        TaskFile file =
                read(
                        ON_PULSAR.formatted("address: \"pulsar://p:6650\"")
                                + "startOffsets: {by-dev-rootcoord-dml_0: 7}\n");

        assertThatThrownBy(() -> file.toSpec(Map.of(), directory))
                .hasMessageContaining("startOffsets are of Kafka, but source is pulsar");
    }

    @Test
    void anUnknownKeyIsNamed() {
        assertThatThrownBy(() -> read(LEAST + "guarante: x\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("guarante");
    }

    @Test
    void aMissingKeyIsNamed() {
        assertThatThrownBy(() -> read("taskId: t1\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("source");
    }

    @Test
    void aWrongValueSaysWhatIsAllowed() throws IOException {
        TaskFile file = read(LEAST + "guarantee: sometimes\n");

        assertThatThrownBy(() -> file.toSpec(Map.of(), directory))
                .hasMessageContaining("exactly-once or at-least-once")
                .hasMessageContaining("sometimes");
    }

    private TaskFile read(String yaml) throws IOException {
        return TaskFile.read(Files.writeString(directory.resolve("task.yaml"), yaml));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.job.DeliveryGuarantee;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** cdc.yaml to settings. */
final class ConfigReaderTest {

    private static final String KAFKA = "sourceConfig: {kafka: {address: 'k:9092'}}\n";

    @TempDir private Path root;

    @BeforeEach
    void makesTheDefaultConfigDirectory() throws IOException {
        Files.createDirectories(root.resolve("conf"));
        Files.writeString(root.resolve("conf/config.yaml"), "");
    }

    @Test
    void hasDefaultsForAllButTheBrokers() throws Exception {
        assertThat(read(KAFKA))
                .isEqualTo(
                        new ControlConfig(
                                new ListenAddress("127.0.0.1", 8444),
                                100,
                                256,
                                "info",
                                root.resolve("data/tasks"),
                                new SourceSettings(
                                        new EtcdConfig(
                                                List.of("127.0.0.1:2379"), "by-dev/meta", "", ""),
                                        new SourceChannels(
                                                "k:9092",
                                                "by-dev-rootcoord-dml",
                                                "by-dev-replicate-msg",
                                                Map.of())),
                                new FlinkSettings(
                                        root.resolve("conf"),
                                        root.resolve("data"),
                                        new ListenAddress("127.0.0.1", 8081)),
                                new ReplicationSettings(
                                        DeliveryGuarantee.EXACTLY_ONCE, Duration.ofMillis(500)),
                                List.of()));
    }

    @Test
    void takesEveryKey() throws Exception {
        Files.createDirectories(root.resolve("other"));
        Files.writeString(root.resolve("other/config.yaml"), "");
        assertThat(read(resource("every-key.yaml")))
                .isEqualTo(
                        new ControlConfig(
                                new ListenAddress("0.0.0.0", 8555),
                                7,
                                64,
                                "fatal",
                                root.resolve("state/tenant"),
                                new SourceSettings(
                                        new EtcdConfig(
                                                List.of("http://e1:2379", "e2:2379"),
                                                "src/sub",
                                                "root",
                                                "etcd-secret"),
                                        new SourceChannels(
                                                "k1:9092,k2:9092",
                                                "custom-dml",
                                                "src-ops",
                                                Map.of(
                                                        "client.id",
                                                        "cdc",
                                                        "security.protocol",
                                                        "SASL_PLAINTEXT",
                                                        "sasl.mechanism",
                                                        "SCRAM-SHA-512",
                                                        "sasl.jaas.config",
                                                        "org.apache.kafka.common.security.scram"
                                                                + ".ScramLoginModule required"
                                                                + " username=\"u\""
                                                                + " password=\"p\\\"\\\\\";"))),
                                new FlinkSettings(
                                        root.resolve("other"),
                                        root.resolve("flink-data"),
                                        new ListenAddress("0.0.0.0", 0)),
                                new ReplicationSettings(
                                        DeliveryGuarantee.AT_LEAST_ONCE, Duration.ofSeconds(2)),
                                List.of()));
    }

    @Test
    void takesTheOldSpellingOfEtcdAndTellsOfKeysWithoutEffect() throws Exception {
        ControlConfig config = read(resource("old-tool.yaml"));
        assertThat(config.source().etcd())
                .isEqualTo(new EtcdConfig(List.of("old:2379"), "old-root/old-meta", "", ""));
        assertThat(config.warnings())
                .containsExactly(
                        "the key detectDeadLock has no effect",
                        "the key sourceConfig.readChanLen has no effect",
                        "the key sourceConfig.defaultPartitionName has no effect",
                        "the key sourceConfig.kafka.adress is unknown and ignored",
                        "the key shoeSize is unknown and ignored");
    }

    @Test
    void theShippedFileSaysWhatTheDefaultsAre() throws Exception {
        String shipped = Files.readString(Path.of("src/main/dist/conf/cdc.yaml"));
        ControlConfig defaults = read("sourceConfig: {kafka: {address: '127.0.0.1:9092'}}");
        assertThat(read(shipped)).isEqualTo(defaults);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "address: nonsense|address must be host:port",
                "address: 'h:99999'|address must be host:port",
                "maxTaskNum: many|maxTaskNum must be a whole number from 0 to 1000000",
                "maxNameLength: 0|maxNameLength must be a whole number from 1 to 65535",
                "logLevel: loud|logLevel must be one of debug, dpanic, error",
                "metaStoreConfig: {storeType: etcd}|storeType etcd isn't supported yet, use file",
                "metaStoreConfig: {storeType: mysql}|storeType mysql isn't supported yet",
                "metaStoreConfig: {storeType: paper}|storeType must be file, but it's 'paper'",
                "metaStoreConfig: {rootPath: ../up}|metaStoreConfig.rootPath must be a name",
                "flink: {webPort: -1}|flink.webPort must be a whole number from 0 to 65535",
                "flink: {configDir: nowhere}|flink.configDir must be the directory of Flink's",
                "replication: {deliveryGuarantee: maybe}|must be one of exactly-once, at-least",
                "replication: {checkpointInterval: 1ms}|a duration with its unit from 50 ms to",
                "replication: {checkpointInterval: soon}|replication.checkpointInterval must be",
                "dryRun: true|dryRun: true isn't supported yet",
                "dryRun: perhaps|dryRun must be true or false",
                "replicateID: r1|replicateID isn't supported yet",
            })
    void refusesWhatIsNotAllowed(String yaml, String message) {
        assertThatThrownBy(() -> read(KAFKA + yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|sourceConfig.kafka.address is missing, for example",
                "{pulsar: {address: 'p:1'}, kafka: {address: 'k:1'}}|pulsar isn't supported yet",
                "{kafka: {address: 'k:1'}, etcd: {enableTLS: true}}|enableTLS: true isn't supported",
                "{kafka: {address: 'k:1'}, etcd: {enableAuth: true}}|etcd.username is missing",
                "{kafka: {address: 'k:1'}, replicateChan: ops}|replication.channelPrefix is missing",
                "{kafka: {address: 'k:1', saslMechanisms: OAUTH}}|must be one of PLAIN, SCRAM",
                "{kafka: {address: 'k:1', securityProtocol: SASL_SSL}}|saslUsername is missing",
                "{kafka: {address: [k]}}|sourceConfig.kafka.address must be a single value",
            })
    void refusesSourcesThatCannotBeRead(String section, String message) {
        assertThatThrownBy(() -> read("sourceConfig: " + section))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void tellsOfAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> read("maxTaskNum: x\nlogLevel: y"))
                .hasMessageContaining("maxTaskNum")
                .hasMessageContaining("logLevel")
                .hasMessageContaining("sourceConfig.kafka.address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "just words", "- a\n- list"})
    void refusesFilesWithoutKeys(String yaml) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigException.class);
    }

    @Test
    void aSyntaxErrorIsToldByItsLineAndRepeatsNothing() {
        assertThatThrownBy(() -> read("a: b\npassword: \"se:cret\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("isn't yaml")
                .hasMessageNotContaining("cret");
    }

    @Test
    void aMissingFileIsToldByItsName() {
        assertThatThrownBy(() -> ConfigReader.of(root.resolve("conf/none.yaml")))
                .hasMessageContaining("there is no configuration file")
                .hasMessageContaining("none.yaml");
    }

    @Test
    void showsNoSecretAsText() throws Exception {
        Files.createDirectories(root.resolve("other"));
        Files.writeString(root.resolve("other/config.yaml"), "");
        assertThat(read(resource("every-key.yaml")).toString())
                .doesNotContain("etcd-secret")
                .doesNotContain("password");
    }

    private ControlConfig read(String yaml) throws ConfigException, IOException {
        Path file = root.resolve("conf/cdc.yaml");
        Files.writeString(file, yaml);
        return ConfigReader.of(file).read();
    }

    private static String resource(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/config").resolve(name));
    }
}

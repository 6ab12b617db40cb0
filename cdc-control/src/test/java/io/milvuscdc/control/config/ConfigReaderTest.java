// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.job.DeliveryGuarantee;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                                StoreSettings.inFiles(root.resolve("data/tasks")),
                                new SourceSettings(
                                        new EtcdConfig(
                                                List.of("127.0.0.1:2379"), "by-dev/meta", "", ""),
                                        new SourceChannels(
                                                "k:9092",
                                                "by-dev-rootcoord-dml",
                                                "by-dev-replicate-msg",
                                                Map.of())),
                                FlinkSettings.embedded(
                                        root.resolve("conf"),
                                        root.resolve("data"),
                                        new ListenAddress("127.0.0.1", 8081),
                                        root.resolve("job/cdc-job.jar")),
                                new ReplicationSettings(
                                        DeliveryGuarantee.EXACTLY_ONCE, Duration.ofMillis(400)),
                                new TransportSettings(
                                        new ListenAddress("127.0.0.1", 8445),
                                        "",
                                        List.of(),
                                        4 << 20,
                                        TlsConfig.SYSTEM),
                                List.of()));
    }

    @Test
    void readsASessionCluster() throws Exception {
        Files.createDirectories(root.resolve("job"));
        Files.writeString(root.resolve("job/cdc-job.jar"), "");
        assertThat(
                        read(KAFKA + "flink: {mode: Session, address: 'https://jm:8081/flink'}")
                                .flink()
                                .session())
                .contains(
                        new SessionSettings(URI.create("https://jm:8081/flink"), TlsConfig.SYSTEM));
    }

    @Test
    void refusesWhatDoesNotMakeASessionCluster() {
        assertThatThrownBy(() -> read(KAFKA + "flink: {mode: session}"))
                .hasMessageContaining("flink.address must be the URL")
                .hasMessageContaining("there's no file " + root.resolve("job/cdc-job.jar"));
        assertThatThrownBy(() -> read(KAFKA + "flink: {mode: session, address: 'jm:8081'}"))
                .hasMessageContaining("flink.address must be the URL");
        assertThatThrownBy(() -> read(KAFKA + "flink: {address: 'http://jm:8081'}"))
                .hasMessageContaining("set flink.mode: session");
        assertThatThrownBy(() -> read(KAFKA + "flink: {mode: yarn}"))
                .hasMessageContaining("flink.mode must be one of embedded, session");
    }

    @Test
    void theJobsJarIsTheDistributionsWhereverTheFileIs() throws Exception {
        Path file = root.resolve("conf/cdc.yaml");
        Files.writeString(file, KAFKA);
        Optional<Path> home = Optional.of(Path.of("/opt/milvus-cdc"));
        assertThat(ConfigReader.of(file, Map.of(), home).read().flink().jobJar())
                .isEqualTo(Path.of("/opt/milvus-cdc/job/cdc-job.jar"));
        Files.writeString(file, KAFKA + "flink: {jobJar: my.jar}");
        assertThat(ConfigReader.of(file, Map.of(), home).read().flink().jobJar())
                .isEqualTo(root.resolve("my.jar"));
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
                                new StoreSettings(
                                        StoreSettings.Type.FILE,
                                        "tenant",
                                        root.resolve("state/tenant"),
                                        new EtcdConfig(List.of(), "tenant", "", ""),
                                        Optional.empty(),
                                        Duration.ofMinutes(1),
                                        ""),
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
                                FlinkSettings.embedded(
                                        root.resolve("other"),
                                        root.resolve("flink-data"),
                                        new ListenAddress("0.0.0.0", 0),
                                        root.resolve("job/cdc-job.jar")),
                                new ReplicationSettings(
                                        DeliveryGuarantee.AT_LEAST_ONCE, Duration.ofSeconds(2)),
                                new TransportSettings(
                                        new ListenAddress("0.0.0.0", 9000),
                                        "api-secret",
                                        List.of("cdc.example", "cdc"),
                                        65_536,
                                        TlsConfig.SYSTEM),
                                List.of()));
    }

    @Test
    void aLeaseLastsWholeSecondsAsInEtcd() throws Exception {
        assertThat(read(KAFKA + "metaStoreConfig: {leaseTtl: 5900ms}").store().leaseTtl())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void takesTheOldSpellingOfEtcdAndTellsOfKeysWithoutEffect() throws Exception {
        ControlConfig config = read(resource("old-tool.yaml"));
        assertThat(config.source().etcd())
                .isEqualTo(new EtcdConfig(List.of("old:2379"), "old-root/old-meta", "", ""));
        assertThat(config.warnings())
                .containsExactly(
                        "the key detectDeadLock has no effect: there are no such locks here",
                        "the key sourceConfig.readChanLen has no effect: Flink bounds what is read"
                                + " ahead",
                        "the key sourceConfig.defaultPartitionName has no effect: partitions are"
                                + " found by their names",
                        "the key shoeSize is unknown and ignored");
    }

    @Test
    void takesTheGoToolsTemplateAsItIs() throws Exception {
        ControlConfig config = read(resource("go-template.yaml"));
        assertThat(config.address()).isEqualTo(new ListenAddress("0.0.0.0", 8444));
        assertThat(config.store().type()).isEqualTo(StoreSettings.Type.MYSQL);
        assertThat(config.store().rootPath()).isEqualTo("cdc");
        assertThat(config.store().mysql())
                .contains(
                        new MysqlAddress("root", "root", "127.0.0.1:3306", "milvus-cdc", Map.of()));
        assertThat(config.source().etcd())
                .isEqualTo(new EtcdConfig(List.of("http://127.0.0.1:2379"), "by-dev/meta", "", ""));
        assertThat(config.warnings())
                .allSatisfy(warning -> assertThat(warning).contains("has no effect"));
    }

    @Test
    void takesBothSpellingsOfTheStoresEtcd() throws Exception {
        for (String etcd : List.of("etcd: {address: ['e:1']}", "etcdEndpoints: ['e:1']")) {
            StoreSettings store =
                    read(KAFKA + "metaStoreConfig: {storeType: ETCD, rootPath: cdc, " + etcd + "}")
                            .store();
            assertThat(store.type()).isEqualTo(StoreSettings.Type.ETCD);
            assertThat(store.etcd()).isEqualTo(new EtcdConfig(List.of("e:1"), "cdc", "", ""));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxTasknums: 1|the key maxTasknums is unknown, is maxTaskNum meant?",
                "max_task_num: 1|is maxTaskNum meant?",
                "metaStoreConfg: {storeType: etcd}|is metaStoreConfig meant?",
                "flink: {data_dir: x}|is flink.dataDir meant?",
            })
    void aMisspeltKeyIsRefusedWithTheOneThatIsMeant(String yaml, String message) {
        assertThatThrownBy(() -> read(KAFKA + yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws Exception {
        Path file = root.resolve("conf/cdc.yaml");
        Files.writeString(file, KAFKA + "maxTaskNum: 1");
        ControlConfig config =
                ConfigReader.of(
                                file,
                                Map.of(
                                        "MILVUS_CDC_MAXTASKNUM", "2",
                                        "MILVUS_CDC_SOURCECONFIG_ETCD_ADDRESS", "a:1,b:2",
                                        "MILVUS_CDC_SECRET_KEY", "a key",
                                        "MILVUS_CDC_SOURCECONFIG_KAFKA_ADRESS", "x"))
                        .read();
        assertThat(config.maxTaskNum()).isEqualTo(2);
        assertThat(config.source().etcd().endpoints()).containsExactly("a:1", "b:2");
        assertThat(config.store().secretKey()).isEqualTo("a key");
        assertThat(config.warnings())
                .containsExactly(
                        "the variable MILVUS_CDC_SOURCECONFIG_KAFKA_ADRESS stands for no key");
        assertThat(config.toString()).doesNotContain("a key");
    }

    @Test
    void theSecretKeyMayBeInAFile() throws Exception {
        Path file = root.resolve("conf/cdc.yaml");
        Files.writeString(file, KAFKA);
        Files.writeString(root.resolve("conf/key"), "a key\n");
        assertThat(
                        ConfigReader.of(file, Map.of("MILVUS_CDC_SECRET_KEY_FILE", "conf/key"))
                                .read()
                                .store()
                                .secretKey())
                .isEqualTo("a key");
        assertThatThrownBy(
                        () ->
                                ConfigReader.of(file, Map.of("MILVUS_CDC_SECRET_KEY_FILE", "none"))
                                        .read())
                .hasMessageContaining("MILVUS_CDC_SECRET_KEY_FILE: the file none can't be read");
    }

    @Test
    void theTokenIsWithoutTheLineEndOfItsFile() throws Exception {
        assertThat(read(KAFKA + "security: {token: \"api-secret\\r\\n\"}").transport().token())
                .isEqualTo("api-secret");
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
                "management: {address: 8445}|management.address must be host:port",
                "security: {token: short}|security.token must have at least 8 characters",
                "security: {token: 'two words'}|security.token must have no white space within",
                "security: {token: '          '}|security.token must have at least 8 characters",
                "security: {hostNames: ['cdc.example:8444']}|security.hostNames must be names,",
                "address: 'h:99999'|address must be host:port",
                "maxTaskNum: many|maxTaskNum must be a whole number from 0 to 1000000",
                "maxNameLength: 0|maxNameLength must be a whole number from 1 to 65535",
                "logLevel: loud|logLevel must be one of debug, dpanic, error",
                "metaStoreConfig: {storeType: etcd}|metaStoreConfig.etcd.address is missing",
                "metaStoreConfig: {storeType: mysql}|metaStoreConfig.mysqlSourceUrl is missing",
                "metaStoreConfig: {storeType: mysql, mysqlSourceUrl: 'u:p'}|has no '/' before",
                "metaStoreConfig: {storeType: paper}|must be one of file, etcd, mysql, but it's",
                "metaStoreConfig: {leaseTtl: 1s}|leaseTtl must be a duration with its unit from 5",
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
                "{pulsar: {address: 'http://p:1'}}|sourceConfig.pulsar.address must be pulsar://",
                "{pulsar: {address: 'p:1', authPlugin: token}}|only authPlugin is set",
                "{pulsar: {address: 'p:1', authPlugin: token, authParams: xx}}|must be key:value",
                "{kafka: {address: 'k:1'}, etcd: {enableTLS: true, tlsCACertPath: /none}}|no such file",
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
        return ConfigReader.of(file, Map.of()).read();
    }

    private static String resource(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/config").resolve(name));
    }
}

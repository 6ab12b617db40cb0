// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the job gets of what the user said. */
final class TaskDefinitionTest {

    @Test
    void turnsEverythingThatWasSaidIntoAScope() {
        ReplicationScope scope = everything().scope();
        assertThat(scope.selection().included())
                .containsExactly(
                        new CollectionPattern("default", "c1"),
                        new CollectionPattern("*", "*"),
                        new CollectionPattern("db", "c2"));
        assertThat(scope.selection().excluded())
                .containsExactly(
                        new CollectionPattern("default", "x"), new CollectionPattern("tmp", "*"));
        assertThat(scope.names().collection("default", "c1"))
                .isEqualTo(new NameMapping.Name("default", "d1"));
        assertThat(scope.names().collection("default", "c2"))
                .isEqualTo(new NameMapping.Name("default", "c2"));
        assertThat(scope.names().database("db")).isEqualTo("db2");
        assertThat(scope.ignorePartitions()).isTrue();
        assertThat(scope.userRoles()).isTrue();
    }

    @Test
    void aMappingOfAllCollectionsIsOneOfTheDatabase() {
        NameMapping names = everything().scope().names();
        assertThat(names.collection("db3", "c")).isEqualTo(new NameMapping.Name("db5", "e"));
        assertThat(names.collection("db3", "d")).isEqualTo(new NameMapping.Name("db5", "d"));
    }

    @Test
    void showsNoSecret() {
        assertThat(everything().toString() + everything().kafka() + everything().milvus())
                .doesNotContain("secret");
        TaskDefinition intoKafka =
                new TaskDefinition(
                        MilvusConnectParam.ofUri(""),
                        new KafkaConnectParam(
                                "k:9092",
                                "t",
                                true,
                                new KafkaConnectParam.Sasl("u", "secret", "PLAIN", "SASL_SSL")),
                        BufferConfig.NONE,
                        List.of(),
                        Map.of(),
                        List.of(),
                        List.of(),
                        RpcChannelInfo.NONE,
                        false,
                        false);
        assertThat(intoKafka.toString() + intoKafka.kafka().sasl())
                .contains("k:9092")
                .doesNotContain("secret");
        assertThat(intoKafka.hasTargetOf(intoKafka)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://h:19530, h, true",
        "http://h:19530, https://H:19530/, true",
        "http://h:19530, http://h:19531, false",
        "http://localhost:1, http://127.0.0.1:1, true",
        "http://[::1]:1, http://127.0.0.1:1, true",
        "https://h, http://h, false",
        "ftp://h, ftp://h, false",
        "http://milvus_standalone:1, http://h:1, false",
        "http://h:1, http://milvus_standalone:1, false"
    })
    void knowsATargetInEverySpelling(String one, String other, boolean same) {
        assertThat(MilvusConnectParam.ofUri(one).sameTarget(MilvusConnectParam.ofUri(other)))
                .isEqualTo(same);
    }

    @Test
    void knowsATargetInTheDeprecatedForm() {
        MilvusConnectParam target = ofHost("H", 19530);
        assertThat(target.address()).isEqualTo("http://h:19530");
        assertThat(target.sameTarget(MilvusConnectParam.ofUri("http://h:19530"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"milvus_standalone", "::1", "a b", ""})
    void aHostThatIsNoneIsToldAndNobodysTarget(String host) {
        MilvusConnectParam target = ofHost(host, 19530);
        assertThatThrownBy(target::address)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("isn't of the form http://host:port");
        assertThat(target.sameTarget(target)).isFalse();
        assertThat(target.sameTarget(MilvusConnectParam.ofUri("http://h:19530"))).isFalse();
    }

    @Test
    void aHostWithAnUnderscoreIsToldWhatToDo() {
        assertThatThrownBy(MilvusConnectParam.ofUri("milvus_standalone:19530")::address)
                .hasMessageContaining("One with an underscore needs another name");
    }

    private static MilvusConnectParam ofHost(String host, int port) {
        return new MilvusConnectParam(host, port, false, "", "", "", "", Map.of(), 0, false, 0);
    }

    private static TaskDefinition everything() {
        return new TaskDefinition(
                new MilvusConnectParam(
                        "", 0, false, "u", "secret", "http://h", "secret", Map.of(), 0, true, 0),
                KafkaConnectParam.NONE,
                BufferConfig.NONE,
                List.of(new CollectionInfo("c1", null, false)),
                Map.of(
                        "db",
                        List.of(new CollectionInfo("c2", null, false)),
                        "*",
                        List.of(new CollectionInfo("*", null, false))),
                List.of("x", "tmp.*"),
                List.of(
                        new DatabaseMapping("default", "default", Map.of("c1", "d1")),
                        new DatabaseMapping("db", "db2", Map.of()),
                        new DatabaseMapping("db3", "db5", Map.of("*", "*", "c", "e"))),
                RpcChannelInfo.NONE,
                true,
                false);
    }
}

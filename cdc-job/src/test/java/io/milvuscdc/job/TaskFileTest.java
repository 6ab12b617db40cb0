// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    @TempDir private Path directory;

    @Test
    void whatIsLeftOutHasTheDefaultsOfMilvus() throws IOException {
        TaskSpec spec = read(LEAST).toSpec(Map.of());

        assertThat(spec.etcd().metaRoot()).isEqualTo("by-dev/meta");
        assertThat(spec.channels().pchannelPrefix()).isEqualTo("by-dev-rootcoord-dml");
        assertThat(spec.channels().replicateChannel()).isEqualTo("by-dev-replicate-msg");
        assertThat(spec.guarantee()).isEqualTo(DeliveryGuarantee.EXACTLY_ONCE);
        assertThat(spec.checkpointInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(spec.startOffsets()).containsEntry("by-dev-rootcoord-dml_0", 7L);
        assertThat(spec.target().token()).isEqualTo("from-file");
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
                        startFrom: collection-start
                        startOffsets: {}
                        """)
                        .toSpec(
                                Map.of(
                                        TaskFile.TOKEN_VARIABLE, "from-environment",
                                        TaskFile.ETCD_PASSWORD_VARIABLE, "q"));

        assertThat(spec.etcd().metaRoot()).isEqualTo("prod/m");
        assertThat(spec.etcd().username()).isEqualTo("u");
        assertThat(spec.etcd().password()).isEqualTo("q");
        assertThat(spec.channels().kafkaProperties()).containsEntry("security.protocol", "SSL");
        assertThat(spec.channels().pchannelPrefix()).isEqualTo("prod-rootcoord-dml");
        assertThat(spec.target().token()).isEqualTo("from-environment");
        assertThat(spec.target().connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(spec.guarantee()).isEqualTo(DeliveryGuarantee.AT_LEAST_ONCE);
        assertThat(spec.checkpointInterval()).isEqualTo(Duration.ofMillis(200));
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

        assertThatThrownBy(() -> file.toSpec(Map.of()))
                .hasMessageContaining("exactly-once or at-least-once")
                .hasMessageContaining("sometimes");
    }

    private TaskFile read(String yaml) throws IOException {
        return TaskFile.read(Files.writeString(directory.resolve("task.yaml"), yaml));
    }
}

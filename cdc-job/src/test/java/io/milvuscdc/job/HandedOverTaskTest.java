// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.pulsar.PulsarLogin;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.pulsar.PulsarTls;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HandedOverTaskTest {

    private static final TaskSpec SPEC =
            new TaskSpec(
                    "t1",
                    "control plane",
                    new EtcdConfig(List.of("http://127.0.0.1:1"), "by-dev/meta", "u", "secret"),
                    new SourceChannels(
                            new PulsarQueue(
                                    "pulsar://127.0.0.1:1",
                                    "public",
                                    "default",
                                    new PulsarLogin("", ""),
                                    new PulsarTls("", true)),
                            "by-dev-rootcoord-dml",
                            "by-dev-replicate-msg"),
                    TargetConfig.of("http://127.0.0.1:1", "secret", Duration.ofSeconds(1)),
                    new ReplicationScope(
                            new Selection(List.of(new CollectionPattern("db", "*")), List.of()),
                            new NameMapping(
                                    List.of(new NameMapping.Entry("db", "other", Map.of()))),
                            true,
                            false),
                    DeliveryGuarantee.EXACTLY_ONCE,
                    Duration.ofMillis(500),
                    new StartPoint(
                            Map.of("by-dev-rootcoord-dml_0", new MqPosition(3, 4)),
                            Map.of(7L, Map.of("by-dev-rootcoord-dml_0", new MqPosition(5, 6)))));

    @TempDir private Path directory;

    @Test
    void arrivesAsItWasSent() throws Exception {
        Path file = directory.resolve("task");
        HandedOverTask.write(file, SPEC);
        String[] arguments = {HandedOverTask.ARGUMENT, file.toString()};
        assertThat(ReplicationMain.task(arguments, Map.of(), false)).isEqualTo(SPEC);
        assertThat(ReplicationMain.task(arguments, Map.of(), true))
                .as("its start is kept")
                .isEqualTo(SPEC);
    }

    @Test
    void onlyItsUserCanReadTheFileAndNoFileIsTakenOver() throws Exception {
        Path file = directory.resolve("task");
        HandedOverTask.write(file, SPEC);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> HandedOverTask.write(file, SPEC))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFileThatIsNotThereIsTheStorageThatIsNotShared() {
        assertThatThrownBy(() -> HandedOverTask.read(directory.resolve("task")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("doesn't find")
                .hasMessageContaining("flink.dataDir");
    }

    @Test
    void whateverIsNoPartOfATaskIsNotMadeOfTheFile() throws Exception {
        Path file = directory.resolve("task");
        try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(file))) {
            out.writeObject(new JobID());
        }
        assertThatThrownBy(() -> HandedOverTask.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another build");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The task files in the Secrets of {@code deploy/kubernetes}. */
final class DeployedTaskFilesTest {

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"flink-application.yaml", "flink-session.yaml"})
    void hasOnlyKeysThatATaskFileKnows(String manifests) throws IOException {
        List<String> files = secrets(Path.of("..", "deploy", "kubernetes", manifests));

        assertThat(files).hasSize(1);
        TaskFile task =
                TaskFile.read(Files.writeString(directory.resolve("task.yaml"), files.get(0)));
        assertThat(task.guarantee()).isEqualTo("exactly-once");
        assertThat(task.target().uri()).startsWith("http://");
    }

    private static List<String> secrets(Path manifests) throws IOException {
        try (MappingIterator<JsonNode> documents =
                new YAMLMapper().readerFor(JsonNode.class).readValues(manifests.toFile())) {
            return documents.readAll().stream()
                    .filter(manifest -> manifest.path("kind").asText().equals("Secret"))
                    .flatMap(
                            manifest ->
                                    Stream.of(manifest.path("stringData"))
                                            .flatMap(data -> data.properties().stream()))
                    .map(entry -> entry.getValue().asText())
                    .toList();
        }
    }
}

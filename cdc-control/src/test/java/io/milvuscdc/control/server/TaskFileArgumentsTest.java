// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskFileArgumentsTest {

    @TempDir private Path directory;

    @Test
    void theOptionsComeInAnyOrder() {
        assertThat(of("task-file --output f --config my.yaml --task-id t1"))
                .contains(
                        new TaskFileArguments(
                                directory.resolve("my.yaml"), "t1", directory.resolve("f")));
    }

    @Test
    void withoutAConfigTheUsualPlaceIsLookedAt() throws IOException {
        assertThat(of("task-file --task-id t1 --output f")).isEmpty();
        Path config = directory.resolve("conf/cdc.yaml");
        Files.createDirectories(config.getParent());
        Files.writeString(config, "");
        assertThat(of("task-file --task-id t1 --output f").orElseThrow().config())
                .isEqualTo(config);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "task-file --config c --task-id t1",
                "task-file --config c --output f",
                "task-file --config c --task-id t1 --output",
                "task-file --config c --task-id t1 --output f --output g",
                "task-file --config c --task-id t1 --output f --more x",
                "server --config c --task-id t1 --output f"
            })
    void anythingElseIsNotUnderstood(String words) {
        assertThat(of(words)).isEmpty();
    }

    private Optional<TaskFileArguments> of(String words) {
        return TaskFileArguments.of(List.of(words.split(" ")), directory);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {

    @TempDir private Path directory;

    @Test
    void withoutAFileTheOldToolsPlaceIsLookedAtFirst() throws IOException {
        assertThat(Main.configFile(List.of("server"), directory)).isEmpty();
        Path ours = file("conf");
        assertThat(Main.configFile(List.of("server"), directory)).contains(ours);
        Path old = file("configs");
        assertThat(Main.configFile(List.of("server"), directory)).contains(old);
    }

    @Test
    void aFileThatIsNamedWins() throws IOException {
        file("configs");
        assertThat(Main.configFile(List.of("server", "--config", "my.yaml"), directory))
                .contains(directory.resolve("my.yaml"));
        assertThat(Main.configFile(List.of("serve"), directory)).isEmpty();
        assertThat(Main.configFile(List.of("server", "--config"), directory)).isEmpty();
    }

    private Path file(String parent) throws IOException {
        Path file = directory.resolve(parent).resolve("cdc.yaml");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }
}

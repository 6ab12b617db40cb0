// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.testutils.InMemoryTaskStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The examples of docs/api.md, one after the other as they are printed, do what they say. */
final class ApiDocsTest {

    private static final Pattern EXAMPLE =
            Pattern.compile("^cdc '([^']+)'(?:\\n# (.+))?", Pattern.MULTILINE);

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final Level level = LogManager.getLogger("io.milvuscdc").getLevel();

    @AfterEach
    void setsTheLogLevelBack() {
        Configurator.setLevel("io.milvuscdc", level);
    }

    @Test
    void everyExampleIsFulfilled() throws Exception {
        CdcApi api = api();
        List<String> types = new ArrayList<>();
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("../docs/api.md")));
        while (example.find()) {
            String answer =
                    new String(
                            api.answer(example.group(1).getBytes(StandardCharsets.UTF_8)),
                            StandardCharsets.UTF_8);
            assertThat(answer).as(example.group(1)).startsWith("{\"code\":200");
            if (example.group(2) != null) {
                assertThat(answer).isEqualTo(example.group(2) + "\n");
            }
            types.add(example.group(1).replaceAll("(?s).*\"request_type\": \"(\\w+)\".*", "$1"));
        }
        assertThat(types)
                .contains("create", "get", "list", "pause", "resume", "delete", "maintenance");
        assertThat(store.list()).hasSize(2);
    }

    private CdcApi api() {
        return ApiFixture.api(store, ApiFixture.config(10), ApiFixture.IDLE);
    }
}

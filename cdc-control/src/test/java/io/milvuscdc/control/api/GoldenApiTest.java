// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.Configs;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests and answers as files, byte by byte: {@code <name>.request} is sent to an API with a
 * paused task t1 and a running task t2, and {@code <name>.answer} must come back. An id that the
 * API makes up is written {@code <id>}.
 */
final class GoldenApiTest {

    private static final Path FILES = Path.of("src/test/resources/api");

    private final InMemoryTaskStore store = new InMemoryTaskStore();

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".request"))
                    .map(name -> name.substring(0, name.indexOf('.')))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void answersAsBefore(String name) throws IOException {
        store.create(paused());
        store.create(running());
        String answer = answer(Files.readAllBytes(FILES.resolve(name + ".request")));
        assertThat(answer.replaceAll("[0-9a-f]{32}", "<id>"))
                .isEqualTo(Files.readString(FILES.resolve(name + ".answer")));
    }

    @Test
    void anEmptyListIsAList() {
        assertThat(answer("{\"request_type\":\"list\"}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("{\"code\":200,\"data\":{\"tasks\":[]}}\n");
    }

    @Test
    void otherMethodsAreRefused() {
        assertThat(new String(api().wrongMethod(), StandardCharsets.UTF_8))
                .isEqualTo("{\"code\":405,\"message\":\"only support the POST method\"}\n");
    }

    private String answer(byte[] body) {
        return new String(api().answer(body), StandardCharsets.UTF_8);
    }

    private CdcApi api() {
        return new CdcApi(
                store,
                Configs.below(Path.of("unused"), 10),
                target -> {},
                fromStart -> Map.of(),
                new Reconciliation() {
                    @Override
                    public void wake() {}

                    @Override
                    public void settle(String taskId) {}
                });
    }

    private static Task paused() {
        return Task.created(
                        "t1",
                        new MilvusConnectParam(
                                "",
                                0,
                                false,
                                "u",
                                "secret",
                                "http://h:1",
                                "secret",
                                Map.of(),
                                0,
                                false,
                                10),
                        List.of(new CollectionInfo("*", null, false)),
                        Map.of("by-dev-rootcoord-dml_0", 3L))
                .wanted(DesiredState.PAUSED, "manually pause through http interface");
    }

    private static Task running() {
        return Task.created(
                "t2",
                new MilvusConnectParam("other", 19530, true, "", "", "", "", Map.of(), 0, false, 0),
                List.of(new CollectionInfo("*", null, true)),
                Map.of());
    }
}

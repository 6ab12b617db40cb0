// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.task.BufferConfig;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DatabaseMapping;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.KafkaConnectParam;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.RpcChannelInfo;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
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
 * Requests and answers as files, byte by byte: {@code <name>.request} is sent to an API with the
 * tasks t1 to t5, of which only t2 runs, and {@code <name>.answer} must come back. An id that the
 * API makes up is written {@code <id>}.
 */
final class GoldenApiTest {

    private static final Path FILES = Path.of("src/test/resources/api");

    private static final List<CollectionInfo> ALL = List.of(new CollectionInfo("*", null, false));

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
        tasks().forEach(store::create);
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
        return ApiFixture.api(store, ApiFixture.config(10), ApiFixture.IDLE);
    }

    private static List<Task> tasks() {
        return List.of(
                paused("t1", TaskDefinition.of(milvus("http://h:1"), ALL)),
                Task.created(
                        "t2",
                        TaskDefinition.of(other(), List.of(new CollectionInfo("c1", null, true))),
                        StartPoint.BEGINNING),
                paused("t3", selective()),
                paused("t4", kafka()),
                paused("t5", databases(other(), Map.of("quiet", ALL))));
    }

    private static Task paused(String id, TaskDefinition definition) {
        return Task.created(id, definition, StartPoint.BEGINNING)
                .wanted(DesiredState.PAUSED, "manually pause through http interface");
    }

    private static MilvusConnectParam milvus(String uri) {
        return new MilvusConnectParam(
                "", 0, false, "u", "secret", uri, "secret", Map.of(), 0, false, 10);
    }

    private static MilvusConnectParam other() {
        return new MilvusConnectParam("other", 19530, true, "", "", "", "", Map.of(), 0, false, 0);
    }

    private static TaskDefinition databases(
            MilvusConnectParam milvus, Map<String, List<CollectionInfo>> databases) {
        return new TaskDefinition(
                milvus,
                KafkaConnectParam.NONE,
                BufferConfig.NONE,
                List.of(),
                databases,
                List.of(),
                List.of(),
                RpcChannelInfo.NONE,
                false,
                false);
    }

    private static TaskDefinition selective() {
        return new TaskDefinition(
                new MilvusConnectParam(
                        "",
                        0,
                        false,
                        "",
                        "",
                        "https://role:1",
                        "secret",
                        Map.of("server_name", "role"),
                        0,
                        true,
                        0),
                KafkaConnectParam.NONE,
                BufferConfig.NONE,
                List.of(),
                Map.of(
                        "other",
                        ALL,
                        "db",
                        List.of(
                                new CollectionInfo(
                                        "c1",
                                        Map.of(
                                                "by-dev-rootcoord-dml_1_445v1",
                                                "CgFhEggKAAAAAAAAAA==",
                                                "by-dev-rootcoord-dml_0_445v0",
                                                "CgFhEggJAAAAAAAAAA=="),
                                        false))),
                List.of("other.d"),
                List.of(new DatabaseMapping("db", "db2", Map.of("c1", "c2"))),
                RpcChannelInfo.NONE,
                true,
                true);
    }

    /** As it may have been taken over from the old tool. */
    private static TaskDefinition kafka() {
        return new TaskDefinition(
                MilvusConnectParam.ofUri(""),
                new KafkaConnectParam(
                        "k:9092",
                        "topic",
                        true,
                        new KafkaConnectParam.Sasl("u", "secret", "PLAIN", "SASL_SSL")),
                BufferConfig.NONE,
                ALL,
                Map.of(),
                List.of(),
                List.of(),
                RpcChannelInfo.NONE,
                false,
                false);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.milvuscdc.control.task.BufferConfig;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DatabaseMapping;
import io.milvuscdc.control.task.KafkaConnectParam;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.RpcChannelInfo;
import io.milvuscdc.control.task.TaskDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a request's fields. */
final class CreateRequestTest {

    private static final Path FILES = Path.of("src/test/resources/api");

    @Test
    void takesEveryField() throws Exception {
        CreateRequest request =
                of(
                        new ObjectMapper()
                                .readTree(
                                        Files.readString(
                                                FILES.resolve("create-everything-said.request"))));
        assertThat(request.taskId()).isEqualTo("mine-1_a");
        assertThat(request.definition())
                .isEqualTo(
                        new TaskDefinition(
                                new MilvusConnectParam(
                                        "",
                                        0,
                                        false,
                                        "",
                                        "",
                                        "https://new:19530",
                                        "root:Milvus",
                                        Map.of("server_name", "localhost"),
                                        2,
                                        true,
                                        10),
                                KafkaConnectParam.NONE,
                                new BufferConfig(1, 2),
                                List.of(
                                        new CollectionInfo(
                                                "c1",
                                                Map.of(
                                                        "by-dev-rootcoord-dml_0_444v0",
                                                        "CgFhEggBAAAAAAAAAA==",
                                                        "by-dev-rootcoord-dml_1_444v1",
                                                        "CgFhEggCAAAAAAAAAA=="),
                                                false),
                                        new CollectionInfo("c2", null, true)),
                                Map.of(
                                        "*",
                                        List.of(new CollectionInfo("*", null, false)),
                                        "db",
                                        List.of(new CollectionInfo("c3", null, true))),
                                List.of("default.c4", "db.c5", "tmp.*"),
                                List.of(
                                        new DatabaseMapping("default", "db2", Map.of("c1", "x1")),
                                        new DatabaseMapping("db", "db3", Map.of()),
                                        new DatabaseMapping(
                                                "db4", "db5", Map.of("*", "*", "c", "y"))),
                                new RpcChannelInfo("by-dev-replicate-msg", "CgFhEggHAAAAAAAAAA=="),
                                true,
                                true));
    }

    @Test
    void takesTheFilesForTlsOfTheUserGuide() throws Exception {
        JsonNode guide =
                new ObjectMapper()
                        .readTree(Files.readString(FILES.resolve("guide-create-two-way.request")));
        MilvusConnectParam milvus = of(guide).definition().milvus();
        assertThat(milvus.credentials()).isEqualTo("root:Milvus");
        assertThat(milvus.dialConfig())
                .containsExactly(
                        Map.entry("server_name", "localhost"),
                        Map.entry("ca_pem_path", "/xxx/ca.pem"),
                        Map.entry("client_pem_path", "/xxx/client.pem"),
                        Map.entry("client_key_path", "/xxx/client.key"));
    }

    @Test
    void takesAKafka() throws Exception {
        KafkaConnectParam kafka =
                of(new ObjectMapper()
                                .readTree(
                                        """
                                        {"request_data":{"kafka_connect_param":{"address":"k:9092","topic":"t",
                                        "enable_sasl":true,"sasl":{"username":"u","password":"p",
                                        "mechanisms":"PLAIN","security_protocol":"SASL_SSL"}}}}
                                        """))
                        .definition()
                        .kafka();
        assertThat(kafka)
                .isEqualTo(
                        new KafkaConnectParam(
                                "k:9092",
                                "t",
                                true,
                                new KafkaConnectParam.Sasl("u", "p", "PLAIN", "SASL_SSL")));
    }

    private static CreateRequest of(JsonNode request) throws ApiException {
        return CreateRequest.of(Fields.of(request.path("request_data")));
    }
}

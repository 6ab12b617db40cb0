// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.task.BufferConfig;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DatabaseMapping;
import io.milvuscdc.control.task.KafkaConnectParam;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.RpcChannelInfo;
import io.milvuscdc.control.task.TaskDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that a create request can say, {@code exclude_collections} included, which the old
 * tool doesn't have. Its text form shows no secret.
 *
 * @param taskId chosen by the caller, or empty
 */
record CreateRequest(String taskId, TaskDefinition definition) {

    static CreateRequest of(Fields fields) throws ApiException {
        Fields buffer = fields.object("buffer_config");
        Fields rpc = fields.object("rpc_channel_info");
        CreateRequest request =
                new CreateRequest(
                        fields.text("task_id"),
                        new TaskDefinition(
                                milvus(fields.object("milvus_connect_param")),
                                kafka(fields.object("kafka_connect_param")),
                                new BufferConfig(buffer.number("period"), buffer.number("size")),
                                collections(fields, "collection_infos"),
                                orEmpty(fields.map("db_collections", CreateRequest::collections)),
                                excluded(orEmpty(fields.texts("exclude_collections"))),
                                orEmpty(fields.objects("name_mapping", CreateRequest::mapping)),
                                new RpcChannelInfo(rpc.text("name"), rpc.text("position")),
                                fields.object("extra_info").flag("enable_user_role"),
                                fields.flag("disable_auto_start")));
        fields.check("create");
        return request;
    }

    private static MilvusConnectParam milvus(Fields fields) {
        return new MilvusConnectParam(
                fields.text("host"),
                fields.number("port"),
                fields.flag("enable_tls"),
                fields.text("username"),
                fields.text("password"),
                fields.text("uri"),
                fields.text("token"),
                dialConfig(fields.object("dial_config")),
                fields.number("channel_num"),
                fields.flag("ignore_partition"),
                fields.number("connect_timeout"));
    }

    private static Map<String, String> dialConfig(Fields fields) {
        Map<String, String> given = new HashMap<>();
        for (String key : MilvusConnectParam.DIAL_KEYS) {
            String value = fields.text(key);
            if (!value.isEmpty()) {
                given.put(key, value);
            }
        }
        return given;
    }

    private static KafkaConnectParam kafka(Fields fields) {
        Fields sasl = fields.object("sasl");
        return new KafkaConnectParam(
                fields.text("address"),
                fields.text("topic"),
                fields.flag("enable_sasl"),
                new KafkaConnectParam.Sasl(
                        sasl.text("username"),
                        sasl.text("password"),
                        sasl.text("mechanisms"),
                        sasl.text("security_protocol")));
    }

    private static List<CollectionInfo> collections(Fields fields, String key) {
        return orEmpty(fields.objects(key, CreateRequest::collection));
    }

    private static CollectionInfo collection(Fields fields) {
        return new CollectionInfo(
                fields.text("name"),
                fields.map("positions", Fields::text),
                fields.flag("use_start_position"));
    }

    /** In full; a name without a database is one of the default database, as in an entry. */
    private static List<String> excluded(List<String> names) {
        return names.stream()
                .map(
                        name ->
                                name.contains(".")
                                        ? name
                                        : TaskDefinition.DEFAULT_DATABASE + "." + name)
                .toList();
    }

    private static DatabaseMapping mapping(Fields fields) {
        return new DatabaseMapping(
                fields.text("source_db"),
                fields.text("target_db"),
                fields.map("collection_mapping", Fields::text));
    }

    private static <T> List<T> orEmpty(List<T> values) {
        return Objects.requireNonNullElse(values, List.of());
    }

    private static <T> Map<String, T> orEmpty(Map<String, T> values) {
        return Objects.requireNonNullElse(values, Map.of());
    }

    @Override
    public String toString() {
        return "create request for " + definition;
    }
}

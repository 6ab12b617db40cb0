// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.MilvusConnectParam;
import java.util.List;
import java.util.Map;

/**
 * Everything that a create request can say. Its text form shows no secret.
 *
 * @param collections null when absent, as the order of checks depends on it
 * @param dbCollections by database, null when absent
 * @param nameMapping whether there is one
 */
record CreateRequest(
        MilvusConnectParam milvus,
        Kafka kafka,
        Buffer buffer,
        List<CollectionInfo> collections,
        Map<String, List<CollectionInfo>> dbCollections,
        RpcChannel rpcChannel,
        boolean enableUserRole,
        boolean nameMapping,
        boolean disableAutoStart,
        String taskId) {

    /** The Kafka to write to instead of a Milvus. */
    record Kafka(String address, String topic) {}

    /** Write buffer of the old tool; checked, without effect. */
    record Buffer(int period, int size) {}

    /** The operations channel. */
    record RpcChannel(String name, String position) {}

    static CreateRequest of(Fields fields) throws ApiException {
        Fields kafka = fields.object("kafka_connect_param");
        Fields buffer = fields.object("buffer_config");
        Fields rpc = fields.object("rpc_channel_info");
        CreateRequest request =
                new CreateRequest(
                        milvus(fields.object("milvus_connect_param")),
                        new Kafka(kafka.text("address"), kafka.text("topic")),
                        new Buffer(buffer.number("period"), buffer.number("size")),
                        fields.objects("collection_infos", CreateRequest::collection),
                        fields.map(
                                "db_collections",
                                (databases, name) ->
                                        databases.objects(name, CreateRequest::collection)),
                        new RpcChannel(rpc.text("name"), rpc.text("position")),
                        fields.object("extra_info").flag("enable_user_role"),
                        fields.has("name_mapping"),
                        fields.flag("disable_auto_start"),
                        fields.text("task_id"));
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
                fields.map("dial_config", Fields::text),
                fields.number("channel_num"),
                fields.flag("ignore_partition"),
                fields.number("connect_timeout"));
    }

    private static CollectionInfo collection(Fields fields) {
        return new CollectionInfo(
                fields.text("name"),
                fields.map("positions", Fields::text),
                fields.flag("use_start_position"));
    }

    @Override
    public String toString() {
        return "create request for " + milvus;
    }
}

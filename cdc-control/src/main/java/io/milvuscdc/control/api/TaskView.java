// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import java.util.List;
import java.util.Map;

/** A task as get and list show it, without its login. Absent collections are null, as they were. */
record TaskView(
        @JsonProperty("task_id") String taskId,
        @JsonProperty("milvus_connect_param") MilvusConnectParam milvus,
        @JsonProperty("kafka_connect_param") KafkaView kafka,
        @JsonProperty("collection_infos") List<CollectionInfo> collections,
        @JsonProperty("db_collections") Map<String, List<CollectionInfo>> dbCollections,
        @JsonProperty("state") String state,
        @JsonProperty("reason") @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {

    /** A Kafka target. */
    record KafkaView(
            @JsonProperty("address") String address,
            @JsonProperty("topic") String topic,
            @JsonProperty("enable_sasl") boolean enableSasl,
            @JsonProperty("sasl") Map<String, String> sasl) {}

    static TaskView of(Task task) {
        return new TaskView(
                task.id(),
                task.target().withoutSecrets(),
                new KafkaView("", "", false, Map.of()),
                task.collections().isEmpty() ? null : task.collections(),
                null,
                task.desired().label(),
                task.reason());
    }
}

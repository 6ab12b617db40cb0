// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.KafkaConnectParam;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import java.util.List;
import java.util.Map;

/**
 * A task as get and list show it, without its logins. Absent collections are null, as they were.
 */
record TaskView(
        @JsonProperty("task_id") String taskId,
        @JsonProperty("milvus_connect_param") MilvusConnectParam milvus,
        @JsonProperty("kafka_connect_param") KafkaConnectParam kafka,
        @JsonProperty("collection_infos") List<CollectionInfo> collections,
        @JsonProperty("db_collections") Map<String, List<CollectionInfo>> dbCollections,
        @JsonProperty("state") String state,
        @JsonProperty("reason") @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {

    static TaskView of(Task task) {
        TaskDefinition definition = task.definition();
        return new TaskView(
                task.id(),
                definition.milvus().withoutSecrets(),
                definition.kafka().withoutSecrets(),
                definition.collections().isEmpty() ? null : definition.collections(),
                definition.dbCollections().isEmpty() ? null : definition.dbCollections(),
                task.desired().label(),
                task.reason());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.task.BufferConfig;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DatabaseMapping;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.KafkaConnectParam;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.RpcChannelInfo;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The JSON of a task: the old tool's fields under their old names (outer ones in Go casing), and
 * one section of our own. Like there, what's absent of lists and maps is null.
 */
record StoredTask(
        @JsonProperty("TaskID") String taskId,
        @JsonProperty("MilvusConnectParam") MilvusConnectParam milvus,
        @JsonProperty("KafkaConnectParam") KafkaConnectParam kafka,
        @JsonProperty("WriterCacheConfig") BufferConfig buffer,
        @JsonProperty("CollectionInfos") List<CollectionInfo> collections,
        @JsonProperty("DBCollections") Map<String, List<CollectionInfo>> dbCollections,
        @JsonProperty("NameMapping") List<DatabaseMapping> nameMapping,
        @JsonProperty("RPCRequestChannelInfo") RpcChannelInfo rpcChannel,
        @JsonProperty("ExtraInfo") ExtraInfo extraInfo,
        @JsonProperty("ExcludeCollections") List<String> excluded,
        @JsonProperty("DisableAutoStart") Boolean disableAutoStart,
        @JsonProperty("State") int state,
        @JsonProperty("Reason") String reason,
        @JsonProperty("Flink") StoredFlink flink) {

    private static final int INITIAL = 0;
    private static final int RUNNING = 1;
    private static final int PAUSED = 2;

    /** What else to replicate. */
    record ExtraInfo(@JsonProperty("enable_user_role") boolean enableUserRole) {}

    static StoredTask of(Task task) {
        TaskDefinition definition = task.definition();
        return new StoredTask(
                task.id(),
                definition.milvus(),
                definition.kafka(),
                definition.buffer(),
                definition.collections().isEmpty() ? null : definition.collections(),
                definition.dbCollections().isEmpty() ? null : definition.dbCollections(),
                definition.nameMapping().isEmpty() ? null : definition.nameMapping(),
                definition.rpcChannel(),
                new ExtraInfo(definition.enableUserRole()),
                definition.excluded().isEmpty() ? null : definition.excluded(),
                definition.disableAutoStart(),
                task.desired() == DesiredState.RUNNING ? RUNNING : PAUSED,
                task.reason(),
                StoredFlink.of(task));
    }

    /** The task; one of the old tool starts nowhere yet and has no run. */
    Task toTask() {
        if (flink == null) {
            return new Task(
                    Objects.requireNonNull(taskId, "TaskID"),
                    definition().asGoReadsIt(),
                    desired(),
                    Objects.requireNonNullElse(reason, ""),
                    StartPoint.BEGINNING,
                    Optional.empty());
        }
        return new Task(
                Objects.requireNonNull(taskId, "TaskID"),
                definition(),
                desired(),
                Objects.requireNonNullElse(reason, ""),
                flink.startPoint(),
                flink.jobId().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new JobRun(
                                        flink.jobId(),
                                        flink.restoredFrom(),
                                        flink.checkpointed(),
                                        flink.over())),
                flink.lastPosition());
    }

    /** What the user asked for; a field that early tasks don't have is as when it isn't said. */
    private TaskDefinition definition() {
        return new TaskDefinition(
                Objects.requireNonNull(milvus, "MilvusConnectParam"),
                Objects.requireNonNullElse(kafka, KafkaConnectParam.NONE),
                Objects.requireNonNullElse(buffer, BufferConfig.NONE),
                Objects.requireNonNullElse(collections, List.of()),
                Objects.requireNonNullElse(dbCollections, Map.of()),
                Objects.requireNonNullElse(excluded, List.of()),
                Objects.requireNonNullElse(nameMapping, List.of()),
                Objects.requireNonNullElse(rpcChannel, RpcChannelInfo.NONE),
                extraInfo != null && extraInfo.enableUserRole(),
                Boolean.TRUE.equals(disableAutoStart));
    }

    private DesiredState desired() {
        if (flink != null && flink.deleted()) {
            return DesiredState.DELETED;
        }
        return switch (state) {
            // the old tool starts such a task, too
            case INITIAL, RUNNING -> DesiredState.RUNNING;
            case PAUSED -> DesiredState.PAUSED;
            default -> throw new IllegalArgumentException("unknown State " + state);
        };
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The JSON of a task: the old tool's fields under their old names (outer ones in Go casing), and
 * one section of our own.
 */
record StoredTask(
        @JsonProperty("TaskID") String taskId,
        @JsonProperty("MilvusConnectParam") MilvusConnectParam milvusConnectParam,
        @JsonProperty("CollectionInfos") List<CollectionInfo> collectionInfos,
        @JsonProperty("State") int state,
        @JsonProperty("Reason") String reason,
        @JsonProperty("Flink") FlinkPart flink) {

    private static final int RUNNING = 1;
    private static final int PAUSED = 2;

    /** What the old tool has no field for. */
    record FlinkPart(
            @JsonProperty("version") int version,
            @JsonProperty("deleted") boolean deleted,
            @JsonProperty("start_offsets") Map<String, Long> startOffsets,
            @JsonProperty("job_id") String jobId,
            @JsonProperty("restored_from") String restoredFrom,
            @JsonProperty("checkpointed") boolean checkpointed,
            @JsonProperty("over") boolean over) {}

    /** Version of the {@code Flink} section that this code writes and reads. */
    static final int VERSION = 1;

    static StoredTask of(Task task) {
        JobRun run = task.run().orElse(JobRun.starting("", ""));
        return new StoredTask(
                task.id(),
                task.target(),
                task.collections(),
                task.desired() == DesiredState.RUNNING ? RUNNING : PAUSED,
                task.reason(),
                new FlinkPart(
                        VERSION,
                        task.desired() == DesiredState.DELETED,
                        new TreeMap<>(task.startOffsets()),
                        run.jobId(),
                        run.restoredFrom(),
                        run.checkpointed(),
                        run.over()));
    }

    Task toTask() {
        return new Task(
                taskId,
                milvusConnectParam,
                collectionInfos,
                desired(),
                reason,
                flink.startOffsets(),
                flink.jobId().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new JobRun(
                                        flink.jobId(),
                                        flink.restoredFrom(),
                                        flink.checkpointed(),
                                        flink.over())));
    }

    private DesiredState desired() {
        if (flink.deleted()) {
            return DesiredState.DELETED;
        }
        return switch (state) {
            case RUNNING -> DesiredState.RUNNING;
            case PAUSED -> DesiredState.PAUSED;
            default -> throw new IllegalArgumentException("unknown State " + state);
        };
    }
}

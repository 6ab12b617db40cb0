// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What {@code GET /status} answers. Times are milliseconds since 1970; what isn't known is null.
 *
 * @param flinkUi Flink's web UI, as the control plane reaches it
 */
record StatusView(
        @JsonProperty("time") long time,
        @JsonProperty("flink_ui") String flinkUi,
        @JsonProperty("tasks") List<TaskStatus> tasks) {

    /**
     * One task.
     *
     * @param reason why it's paused
     * @param jobUi its newest job in Flink's web UI
     * @param committedTime everything that the source wrote up to here is visible at the target
     * @param problem why its newest checkpoint can't be read
     * @param collectionsTotal how many there are, of which some may not be in the list
     */
    record TaskStatus(
            @JsonProperty("task_id") String taskId,
            @JsonProperty("state") String state,
            @JsonProperty("reason") @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason,
            @JsonProperty("target") String target,
            @JsonProperty("lag_seconds") Double lagSeconds,
            @JsonProperty("committed_time") Long committedTime,
            @JsonProperty("rows_per_second") Double rowsPerSecond,
            @JsonProperty("problem") @JsonInclude(JsonInclude.Include.NON_EMPTY) String problem,
            @JsonProperty("job_id") @JsonInclude(JsonInclude.Include.NON_NULL) String jobId,
            @JsonProperty("job_ui") @JsonInclude(JsonInclude.Include.NON_NULL) String jobUi,
            @JsonProperty("job") @JsonInclude(JsonInclude.Include.NON_NULL) JobStatus job,
            @JsonProperty("channels") List<ChannelStatus> channels,
            @JsonProperty("collections_total") int collectionsTotal,
            @JsonProperty("collections") List<CollectionStatus> collections,
            @JsonProperty("history") HistoryStatus history) {}

    /**
     * What Flink says of a running job; counts are those since its start.
     *
     * @param checkpointTime when the newest checkpoint was complete
     */
    record JobStatus(
            @JsonProperty("time") long time,
            @JsonProperty("rows_sent") long rowsSent,
            @JsonProperty("restarts") long restarts,
            @JsonProperty("checkpoint_time") Long checkpointTime,
            @JsonProperty("checkpoints_failed") long checkpointsFailed) {}

    /**
     * A pchannel of the source.
     *
     * @param readTime its last tick that was read before the newest checkpoint
     * @param lagSeconds now minus the moment up to which it's read
     */
    record ChannelStatus(
            @JsonProperty("channel_name") String channel,
            @JsonProperty("read_time") long readTime,
            @JsonProperty("lag_seconds") Double lagSeconds) {}

    /**
     * A collection of the source, by rows since the job's start.
     *
     * @param database empty when it isn't known, as of one that waits for an answer of the source
     * @param lastRowTime when the last row of it that was read was written
     * @param waitingSince when the first row (or drop) of it that waits was written
     */
    record CollectionStatus(
            @JsonProperty("collection_id") long id,
            @JsonProperty("database") String database,
            @JsonProperty("name") String name,
            @JsonProperty("inserted_read") long insertedRead,
            @JsonProperty("inserted_sent") long insertedSent,
            @JsonProperty("deleted_read") long deletedRead,
            @JsonProperty("deleted_sent") long deletedSent,
            @JsonProperty("bytes_sent") long bytesSent,
            @JsonProperty("rows_per_second") Double rowsPerSecond,
            @JsonProperty("last_row_time") Long lastRowTime,
            @JsonProperty("lag_seconds") Double lagSeconds,
            @JsonProperty("waiting_since") Long waitingSince,
            @JsonProperty("waiting_reason") @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    String waitingReason) {}

    /** The last minutes, oldest first; the lists are of the same length. */
    record HistoryStatus(
            @JsonProperty("time") List<Long> time,
            @JsonProperty("lag_seconds") List<Double> lagSeconds,
            @JsonProperty("rows_per_second") List<Double> rowsPerSecond) {}
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.Task;
import java.util.Map;
import java.util.Optional;

/**
 * The section of a stored task that the old tool has no field for.
 *
 * @param version 4; version 3 had no {@code last}, version 2 had no {@code done} in {@code start},
 *     version 1 {@code start_offsets} in place of {@code start}
 * @param startOffsets Kafka offsets by channel, null from version 2 on
 * @param start null in version 1
 * @param last null when no position is kept
 */
record StoredFlink(
        @JsonProperty("version") int version,
        @JsonProperty("deleted") boolean deleted,
        @JsonProperty("start_offsets") @JsonInclude(JsonInclude.Include.NON_NULL)
                Map<String, Long> startOffsets,
        @JsonProperty("start") @JsonInclude(JsonInclude.Include.NON_NULL) StoredStart start,
        @JsonProperty("job_id") String jobId,
        @JsonProperty("restored_from") String restoredFrom,
        @JsonProperty("checkpointed") boolean checkpointed,
        @JsonProperty("over") boolean over,
        @JsonProperty("last") @JsonInclude(JsonInclude.Include.NON_NULL) StoredPosition last) {

    /** The version that this code writes. */
    static final int VERSION = 4;

    private static final int OFFSETS_ONLY = 1;

    /** Whether this code can read a section of the version. */
    static boolean reads(int version) {
        return version >= OFFSETS_ONLY && version <= VERSION;
    }

    static StoredFlink of(Task task) {
        JobRun run = task.run().orElse(JobRun.starting("", ""));
        return new StoredFlink(
                VERSION,
                task.desired() == DesiredState.DELETED,
                null,
                StoredStart.of(task.start()),
                run.jobId(),
                run.restoredFrom(),
                run.checkpointed(),
                run.over(),
                task.last().map(StoredPosition::of).orElse(null));
    }

    Optional<LastPosition> lastPosition() {
        return Optional.ofNullable(last).map(StoredPosition::toLastPosition);
    }

    StartPoint startPoint() {
        return version == OFFSETS_ONLY
                ? StartPoint.ofKafkaOffsets(startOffsets)
                : start.toStartPoint();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A task as it's stored: what the user asked for, what's wanted of it now, and how to find what its
 * jobs left. Immutable. Its text form shows no secret.
 *
 * @param reason why it's paused, empty while it runs
 * @param startOffsets first offset by pchannel, read when the task has no checkpoint yet
 * @param run the newest job, empty before the first
 */
public record Task(
        String id,
        MilvusConnectParam target,
        List<CollectionInfo> collections,
        DesiredState desired,
        String reason,
        Map<String, Long> startOffsets,
        Optional<JobRun> run) {

    public Task {
        collections = List.copyOf(collections);
        startOffsets = Map.copyOf(startOffsets);
    }

    /** A task that has just been created. */
    public static Task created(
            String id,
            MilvusConnectParam target,
            List<CollectionInfo> collections,
            Map<String, Long> startOffsets) {
        return new Task(
                id, target, collections, DesiredState.RUNNING, "", startOffsets, Optional.empty());
    }

    /** The same task with another wish. */
    public Task wanted(DesiredState newDesired, String newReason) {
        return new Task(id, target, collections, newDesired, newReason, startOffsets, run);
    }

    /** The same task with another job. */
    public Task with(JobRun newRun) {
        return new Task(
                id, target, collections, desired, reason, startOffsets, Optional.of(newRun));
    }

    @Override
    public String toString() {
        return "task " + id + " (" + desired.label() + ", target " + target + ")";
    }
}

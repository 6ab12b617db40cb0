// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import io.milvuscdc.connectors.source.StartPoint;
import java.util.Optional;

/**
 * A task as it's stored: what the user asked for, what's wanted of it now, and how to find what its
 * jobs left. Immutable. Its text form shows no secret.
 *
 * @param reason why it's paused, empty while it runs
 * @param start where it begins when it has no checkpoint yet
 * @param run the newest job, empty before the first
 * @param last how far it had come when that was last noted, empty before its first commit
 */
public record Task(
        String id,
        TaskDefinition definition,
        DesiredState desired,
        String reason,
        StartPoint start,
        Optional<JobRun> run,
        Optional<LastPosition> last) {

    /** A task of which no position is kept yet. */
    public Task(
            String id,
            TaskDefinition definition,
            DesiredState desired,
            String reason,
            StartPoint start,
            Optional<JobRun> run) {
        this(id, definition, desired, reason, start, run, Optional.empty());
    }

    /** The reason of a task that was paused because a request asked for it. */
    public static final String PAUSED_BY_REQUEST = "manually pause through http interface";

    /** A task that has just been created. */
    public static Task created(String id, TaskDefinition definition, StartPoint start) {
        return new Task(id, definition, DesiredState.RUNNING, "", start, Optional.empty());
    }

    /** The target Milvus. */
    public MilvusConnectParam target() {
        return definition.milvus();
    }

    /** The same task with another wish. */
    public Task wanted(DesiredState newDesired, String newReason) {
        return new Task(id, definition, newDesired, newReason, start, run, last);
    }

    /** Whether it's paused though no request has asked for that. */
    public boolean pausedByItself() {
        return desired == DesiredState.PAUSED && !reason.equals(PAUSED_BY_REQUEST);
    }

    /** The same task with another job. */
    public Task with(JobRun newRun) {
        return new Task(id, definition, desired, reason, start, Optional.of(newRun), last);
    }

    /** The same task with a later position; unchanged when it isn't one. */
    public Task with(LastPosition position) {
        return last.isPresent() && !position.isNewsTo(last.get())
                ? this
                : new Task(id, definition, desired, reason, start, run, Optional.of(position));
    }

    /** The same task after a savepoint of its job is complete; unchanged if it has another job. */
    public Task withSavepointOf(String jobId) {
        return run.filter(job -> job.jobId().equals(jobId))
                .map(job -> with(job.withOwnCheckpoint()))
                .orElse(this);
    }

    @Override
    public String toString() {
        return "task " + id + " (" + desired.label() + ", target " + definition + ")";
    }
}

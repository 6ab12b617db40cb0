// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

/**
 * The newest Flink job of a task. It's stored before the job is submitted, so that after a halt at
 * any point its checkpoints can be found.
 *
 * @param jobId 32 hex digits, chosen by the control plane
 * @param restoredFrom directory of the checkpoint or savepoint that it started from, empty when it
 *     started at the task's start offsets
 * @param checkpointed whether a checkpoint of its own has been seen; from then on there always is
 *     one, and none that is found means that somebody removed it
 * @param over whether it's known that nothing of it runs any more and, if it failed, that this has
 *     been told as the task's reason; the next wish for a running task then gets a new job
 */
public record JobRun(String jobId, String restoredFrom, boolean checkpointed, boolean over) {

    /** A run that's about to be submitted. */
    public static JobRun starting(String jobId, String restoredFrom) {
        return new JobRun(jobId, restoredFrom, false, false);
    }

    /**
     * In the place of a run by somebody else, which has ended: all that's known of it is where the
     * next one goes on.
     *
     * @param jobId a new one
     */
    public static JobRun elsewhere(String jobId, String leftBehind) {
        return new JobRun(jobId, leftBehind, false, true);
    }

    /**
     * The same run after its first complete checkpoint: what it started from isn't needed again.
     */
    public JobRun withOwnCheckpoint() {
        return new JobRun(jobId, "", true, over);
    }

    /** The same run after it ended. */
    public JobRun ended() {
        return new JobRun(jobId, restoredFrom, checkpointed, true);
    }
}

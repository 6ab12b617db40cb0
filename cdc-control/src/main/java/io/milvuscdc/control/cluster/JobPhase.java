// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

/** What a job is doing, as far as the control plane tells it apart. */
public enum JobPhase {
    /**
     * Flink doesn't know the job, and nothing of it runs: it was never submitted, or Flink has
     * started anew since.
     */
    ABSENT,
    /**
     * Flink doesn't know the job, but something of it may run nevertheless: its JobManager is gone
     * and its TaskManagers haven't noticed yet, or the request that starts it may still be on its
     * way. That passes.
     */
    IN_DOUBT,
    /** It runs, or Flink is starting, restarting or stopping it. */
    ACTIVE,
    /** It has ended without fault: stopped or cancelled. */
    ENDED,
    /** It has ended with a fault that Flink doesn't try again. */
    FAILED;

    /** Whether something of the job may still read and write. */
    public boolean mayRun() {
        return this == ACTIVE || this == IN_DOUBT;
    }
}

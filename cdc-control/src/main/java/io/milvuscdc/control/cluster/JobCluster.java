// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Runs jobs. Calls block; they may come from several threads, but for one job from one at a time.
 */
public interface JobCluster {

    /**
     * False when Flink can't take jobs now: it has stopped, is away or, inside this process, has no
     * task manager.
     */
    boolean isRunning();

    /** What the job is doing now. */
    JobObservation observe(String jobId) throws ClusterException, InterruptedException;

    /**
     * Starts a job; returns when Flink has accepted it.
     *
     * @throws ClusterException it's refused for good, unless the exception says otherwise
     */
    void submit(JobSubmission submission) throws ClusterException, InterruptedException;

    /**
     * Stops a job with a savepoint; returns when it has ended.
     *
     * @return the savepoint
     * @throws ClusterException it hasn't ended in time or not without fault. A savepoint may exist
     *     nevertheless, and the job may still be active.
     */
    String stopWithSavepoint(String jobId, Path savepoints, Duration bound)
            throws ClusterException, InterruptedException;

    /** Ends a job and keeps its newest checkpoint; returns when it has ended. */
    void cancel(String jobId, Duration bound) throws ClusterException, InterruptedException;
}

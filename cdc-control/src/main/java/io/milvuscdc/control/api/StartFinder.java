// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.job.StartRequest;
import java.io.IOException;

/** Finds out where a new task starts to read. Blocks. */
@FunctionalInterface
public interface StartFinder {

    /**
     * The point that the request means at this moment. From before that moment on the source's
     * queue keeps what lies behind it, where it doesn't anyway, until {@link #keep} or {@link
     * #abandon}.
     *
     * @throws IOException in words, when the source doesn't answer
     */
    StartPoint resolve(String taskId, StartRequest request) throws IOException;

    /**
     * The task that a point was found for is made: the queue keeps it for the task from now on.
     *
     * @throws IOException in words, when the source doesn't answer
     */
    default void keep(String taskId) throws IOException {}

    /**
     * The task that a point was found for isn't made after all: nothing needs to be kept for it.
     * What the queue keeps for something else of this name, such as a job that was started by hand,
     * stays.
     *
     * @throws IOException in words, when the source doesn't answer
     */
    default void abandon(String taskId) throws IOException {}
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import java.io.IOException;

/** Removes what a deleted task leaves at the source: on Pulsar, its subscriptions. */
@FunctionalInterface
public interface TaskCleanup {

    /**
     * Called once no job of the task runs any more; again when the first call was cut short.
     *
     * @throws IOException in words, when the source doesn't answer
     */
    void cleanUp(String taskId) throws IOException;
}

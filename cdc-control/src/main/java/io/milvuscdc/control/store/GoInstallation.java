// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import io.milvuscdc.control.task.Task;
import java.util.List;

/** What a Go Milvus-CDC has left in the store. */
public interface GoInstallation {

    /** Its tasks, as they are at this moment, ordered by id; none after they were taken over. */
    List<GoTask> goTasks() throws StoreException;

    /**
     * Keeps a task of its as one of ours.
     *
     * @throws StoreException also when the Go tool has changed it since it was read
     */
    void takeOver(Task task) throws StoreException;
}

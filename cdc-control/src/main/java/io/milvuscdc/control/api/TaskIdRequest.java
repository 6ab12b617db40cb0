// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import java.util.Optional;

/** A request that names a task and says nothing else. */
record TaskIdRequest(String taskId) {

    static TaskIdRequest of(Fields fields, String requestType) throws ApiException {
        TaskIdRequest request = new TaskIdRequest(fields.text("task_id"));
        fields.check(requestType);
        return request;
    }

    /** The task, empty when there's none or when it's being deleted. */
    Optional<Task> find(TaskStore store) throws StoreException {
        return store.find(taskId).filter(task -> task.desired() != DesiredState.DELETED);
    }

    /** The task. */
    Task require(TaskStore store) throws ApiException, StoreException {
        return find(store).orElseThrow(() -> ApiException.client(notFound(taskId)));
    }

    static String notFound(String taskId) {
        return "not found the task, task_id: " + taskId;
    }
}

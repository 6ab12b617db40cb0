// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes a task; nothing is removed at the target. Normally it's gone when the answer comes. */
final class DeleteHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(DeleteHandler.class);

    private final TaskStore store;
    private final Reconciliation reconciliation;

    DeleteHandler(TaskStore store, Reconciliation reconciliation) {
        this.store = store;
        this.reconciliation = reconciliation;
    }

    @Override
    public Object handle(Fields fields) throws ApiException, StoreException, InterruptedException {
        boolean ignoreNotFound = fields.flag("ignore_not_found");
        TaskIdRequest request = TaskIdRequest.of(fields, "delete");
        Optional<Task> task = request.find(store);
        if (task.isEmpty() && ignoreNotFound) {
            return null;
        }
        String taskId = request.require(store).id();
        LOG.info("Task {}: to be deleted by request", taskId);
        try {
            store.update(taskId, now -> now.wanted(DesiredState.DELETED, ""));
        } catch (StoreException e) {
            throw ApiException.server(
                    "fail to delete the task meta, task_id: " + taskId + ": " + e.getMessage());
        }
        reconciliation.settle(taskId);
        return null;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pauses a task; normally it has stopped when the answer comes. */
final class PauseHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(PauseHandler.class);
    private static final String REASON = "manually pause through http interface";

    private final TaskStore store;
    private final Reconciliation reconciliation;

    PauseHandler(TaskStore store, Reconciliation reconciliation) {
        this.store = store;
        this.reconciliation = reconciliation;
    }

    @Override
    public Object handle(Fields fields) throws ApiException, StoreException, InterruptedException {
        Task task = TaskIdRequest.of(fields, "pause").require(store);
        if (task.desired() == DesiredState.PAUSED) {
            throw ApiException.client("the task has paused, task_id: " + task.id());
        }
        LOG.info("Task {}: to be paused by request", task.id());
        store.update(
                task.id(),
                now ->
                        now.desired() == DesiredState.RUNNING
                                ? now.wanted(DesiredState.PAUSED, REASON)
                                : now);
        reconciliation.settle(task.id());
        return null;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resumes a task; answers before its job runs. */
final class ResumeHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ResumeHandler.class);

    private final TaskStore store;
    private final Reconciliation reconciliation;

    ResumeHandler(TaskStore store, Reconciliation reconciliation) {
        this.store = store;
        this.reconciliation = reconciliation;
    }

    @Override
    public Object handle(Fields fields) throws ApiException, StoreException {
        Task task = TaskIdRequest.of(fields, "resume").require(store);
        if (task.desired() == DesiredState.RUNNING) {
            throw ApiException.client("the task has running, task_id: " + task.id());
        }
        store.update(
                task.id(),
                now ->
                        now.desired() == DesiredState.PAUSED
                                ? now.wanted(DesiredState.RUNNING, "")
                                : now);
        LOG.info("Task {}: resumed by request", task.id());
        reconciliation.wake();
        return null;
    }
}

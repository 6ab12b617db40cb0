// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static io.milvuscdc.control.api.ApiException.refuseIf;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pauses a task; normally it has stopped when the answer comes. */
final class PauseHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(PauseHandler.class);

    private final TaskStore store;
    private final Reconciliation reconciliation;

    PauseHandler(TaskStore store, Reconciliation reconciliation) {
        this.store = store;
        this.reconciliation = reconciliation;
    }

    @Override
    public Object handle(Fields fields) throws ApiException, StoreException, InterruptedException {
        TaskIdRequest request = TaskIdRequest.of(fields, "pause");
        String taskId = request.require(store).id();
        AtomicReference<DesiredState> before = new AtomicReference<>(DesiredState.DELETED);
        store.update(
                taskId,
                now -> {
                    before.set(now.desired());
                    return now.desired() == DesiredState.RUNNING
                            ? now.wanted(DesiredState.PAUSED, Task.PAUSED_BY_REQUEST)
                            : now;
                });
        refuseIf(before.get() == DesiredState.PAUSED, "the task has paused, task_id: " + taskId);
        refuseIf(before.get() == DesiredState.DELETED, TaskIdRequest.notFound(taskId));
        LOG.info("Task {}: to be paused by request", taskId);
        reconciliation.settle(taskId);
        return null;
    }
}

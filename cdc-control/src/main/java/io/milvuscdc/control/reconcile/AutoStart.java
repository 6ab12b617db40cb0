// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps tasks that the user doesn't want to start by themselves from doing so when the control
 * plane starts. Use it before the reconcile loop.
 */
public final class AutoStart {

    private static final Logger LOG = LoggerFactory.getLogger(AutoStart.class);
    private static final String REASON = "the task is disabled auto start";

    private final TaskStore store;

    public AutoStart(TaskStore store) {
        this.store = store;
    }

    /** Pauses the tasks that {@code disable_auto_start} was said of. */
    public void pauseDisabled() throws StoreException {
        for (Task task : store.list()) {
            if (!task.definition().disableAutoStart() || task.desired() != DesiredState.RUNNING) {
                continue;
            }
            store.update(
                    task.id(),
                    now ->
                            now.desired() == DesiredState.RUNNING
                                    ? now.wanted(DesiredState.PAUSED, REASON)
                                    : now);
            LOG.info("Task {}: {}, resume it when it's to go on", task.id(), REASON);
        }
    }
}

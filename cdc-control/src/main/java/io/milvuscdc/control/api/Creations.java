// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The creates that are under way. When the last one of an id has failed and there's no such task,
 * the source needn't keep anything for it any more. Safe for use by several threads.
 */
final class Creations {

    private static final Logger LOG = LoggerFactory.getLogger(Creations.class);

    private final TaskStore store;
    private final StartFinder starts;
    private final Map<String, Integer> underWay = new HashMap<>();

    Creations(TaskStore store, StartFinder starts) {
        this.store = store;
        this.starts = starts;
    }

    /** One of them; gives the task that it has made or found. */
    @FunctionalInterface
    interface Creation {
        Task run() throws ApiException, InterruptedException;
    }

    /** Runs one that may let the source keep something for the task. */
    Task run(String taskId, Creation creation) throws ApiException, InterruptedException {
        begin(taskId);
        boolean made = false;
        try {
            Task task = creation.run();
            made = true;
            return task;
        } finally {
            end(taskId, made);
        }
    }

    private synchronized void begin(String taskId) {
        underWay.merge(taskId, 1, Integer::sum);
    }

    /** Lets none begin meanwhile, which could lose what the source keeps for it. */
    private synchronized void end(String taskId, boolean made) {
        Integer others = underWay.computeIfPresent(taskId, (id, all) -> all > 1 ? all - 1 : null);
        if (others == null && !made) {
            abandon(taskId);
        }
    }

    private void abandon(String taskId) {
        try {
            if (store.find(taskId).isEmpty()) {
                starts.abandon(taskId);
            }
        } catch (IOException | StoreException e) {
            LOG.warn("Task {} isn't made. {}", taskId, e.getMessage());
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The creates that are under way, one of an id at a time: what the source keeps for one of them
 * mustn't be let go by another. Safe for use by several threads.
 */
final class Creations {

    private static final Logger LOG = LoggerFactory.getLogger(Creations.class);

    private final StartFinder starts;
    private final Set<String> underWay = new HashSet<>();

    Creations(StartFinder starts) {
        this.starts = starts;
    }

    /** One of them; gives the task that it has made or found. */
    @FunctionalInterface
    interface Creation {
        Task run() throws ApiException, IOException, InterruptedException;
    }

    /** Runs one that lets the source keep something until there's the task, or won't be. */
    Task run(String taskId, Creation creation)
            throws ApiException, IOException, InterruptedException {
        begin(taskId);
        try {
            return alone(taskId, creation);
        } finally {
            end(taskId);
        }
    }

    private Task alone(String taskId, Creation creation)
            throws ApiException, IOException, InterruptedException {
        boolean made = false;
        try {
            Task task = creation.run();
            made = true;
            return task;
        } finally {
            settle(taskId, made);
        }
    }

    private synchronized void begin(String taskId) throws InterruptedException {
        while (!underWay.add(taskId)) {
            wait();
        }
    }

    private synchronized void end(String taskId) {
        underWay.remove(taskId);
        notifyAll();
    }

    private void settle(String taskId, boolean made) {
        try {
            if (made) {
                starts.keep(taskId);
            } else {
                starts.abandon(taskId);
            }
        } catch (IOException e) {
            LOG.warn(
                    "Task {}: {}, but the source may keep more than is needed from now on"
                            + " (docs/pulsar.md says what to remove): {}",
                    taskId,
                    made ? "created" : "not created",
                    e.getMessage());
        }
    }
}

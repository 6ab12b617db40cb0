// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.testutils;

import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A store without a disk. It outlives the process that a test lets halt. */
public final class InMemoryTaskStore implements TaskStore {

    private final Map<String, Task> tasks = new TreeMap<>();
    private volatile boolean away;

    /** From now on it can't be reached; what's in memory can, as with any store. */
    public void away() {
        away = true;
    }

    @Override
    public synchronized List<Task> list() {
        return List.copyOf(tasks.values());
    }

    @Override
    public synchronized Optional<Task> find(String taskId) {
        return Optional.ofNullable(tasks.get(taskId));
    }

    @Override
    public synchronized void create(Task task) {
        tasks.put(task.id(), task);
    }

    @Override
    public synchronized Optional<Task> update(String taskId, UnaryOperator<Task> change) {
        return Optional.ofNullable(
                tasks.computeIfPresent(taskId, (id, task) -> change.apply(task)));
    }

    @Override
    public synchronized void delete(String taskId) {
        tasks.remove(taskId);
    }

    @Override
    public boolean isReachable() {
        return !away;
    }

    @Override
    public void close() {}
}

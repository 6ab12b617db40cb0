// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import io.milvuscdc.control.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Keeps tasks. Every change is durable when its call returns, and all or nothing after a halt at
 * any point. Safe for use by several threads; one control plane at a time owns a store.
 */
public interface TaskStore extends AutoCloseable {

    /** All tasks, ordered by id. */
    List<Task> list() throws StoreException;

    /** The task, empty when there's none with this id. */
    Optional<Task> find(String taskId) throws StoreException;

    /**
     * Keeps a new task.
     *
     * @throws StoreException also when the id is taken
     */
    void create(Task task) throws StoreException;

    /**
     * Changes a task, with no other change of it in between. A {@code change} that returns its
     * argument writes nothing; one that throws leaves the task as it was.
     *
     * @return the task after the change, empty when there's none with this id
     */
    Optional<Task> update(String taskId, UnaryOperator<Task> change) throws StoreException;

    /** Forgets the task; no error when there's none. */
    void delete(String taskId) throws StoreException;

    /**
     * Whether the tasks can be read and written where they are kept, as far as is known: asks
     * nobody and doesn't block. A hiccup of some seconds doesn't count.
     */
    boolean isReachable();

    @Override
    void close() throws StoreException;
}

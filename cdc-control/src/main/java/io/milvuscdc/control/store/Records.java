// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.util.List;
import java.util.Optional;

/**
 * Where task values are kept. Every change is durable when its call returns, and all or nothing. A
 * call that throws may have done its work nevertheless: who needs to know reads again. Safe for use
 * by several threads.
 */
interface Records extends AutoCloseable {

    /** Every task's value, in no order. */
    List<StoredRecord> list() throws StoreException;

    /** The task's value. */
    Optional<StoredRecord> find(String taskId) throws StoreException;

    /**
     * Writes a value if what's there is what the caller knows of.
     *
     * @param expected empty when there must be none
     * @return what's there now, empty when something else was there and nothing was written
     * @throws StoreException also when this process no longer owns the store
     */
    Optional<StoredRecord> write(String taskId, String json, Optional<StoredRecord> expected)
            throws StoreException;

    /** Removes the value and whatever else is kept of the task; no error when there's none. */
    void delete(String taskId) throws StoreException;

    /**
     * Returns when the backend can be used; cheap enough for every few seconds. May take long.
     *
     * @throws StoreException in words, when it can't
     */
    void probe() throws StoreException;

    /** What the Go tool knew of the task's positions, empty when there's nothing. */
    List<GoCheckpoint> checkpoints(String taskId) throws StoreException;

    @Override
    void close() throws StoreException;
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

/** The reconcile loop as requests see it. */
public interface Reconciliation {

    /** A task has changed. */
    void wake();

    /** Wakes, then waits a bounded time until a task that's wanted paused or deleted is so. */
    void settle(String taskId) throws InterruptedException;
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import io.milvuscdc.control.config.StoreSettings;
import java.util.List;
import java.util.Map;

/** A place for tasks, and a way to what's in it that goes round the store. */
interface StoreBackend extends AutoCloseable {

    /** Settings for it, with a lease that lapses soon. */
    StoreSettings settings(String rootPath);

    /** The values of all tasks of a root path, by task id, as they are stored. */
    Map<String, String> tasks(String rootPath) throws Exception;

    /** Writes a task as the Go tool does. */
    void putTask(String rootPath, String taskId, String json) throws Exception;

    /** Writes a position of a collection as the Go tool does. */
    void putPosition(String rootPath, String taskId, GoPosition position) throws Exception;

    /** The keys of all positions of a task. */
    List<String> positions(String rootPath, String taskId) throws Exception;

    /** Kills it and starts it again. */
    void restart();

    /** Makes somebody else the owner of a root path, as when this process was away for long. */
    void usurp(String rootPath) throws Exception;

    @Override
    void close();
}

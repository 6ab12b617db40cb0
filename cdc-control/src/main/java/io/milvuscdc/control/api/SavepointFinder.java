// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.nio.file.Path;

/** Looks at a savepoint that a paused task is to go on from. */
@FunctionalInterface
public interface SavepointFinder {

    /**
     * Its directory.
     *
     * @param place as the user names it
     * @throws IOException in words: the task can't go on from it
     */
    Path find(Task task, String place) throws IOException;
}

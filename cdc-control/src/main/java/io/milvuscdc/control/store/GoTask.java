// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import io.milvuscdc.control.task.Task;
import java.util.List;

/**
 * A task that the Go tool made and nobody has taken over yet. Its text form shows no secret.
 *
 * @param task as it was there, with a start point that means nothing
 */
public record GoTask(Task task, List<GoCheckpoint> checkpoints) {

    public GoTask {
        checkpoints = List.copyOf(checkpoints);
    }
}

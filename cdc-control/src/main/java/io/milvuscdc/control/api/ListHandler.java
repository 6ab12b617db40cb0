// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import java.util.List;

/** Shows all tasks, ordered by id. */
final class ListHandler implements RequestHandler {

    private final TaskStore store;

    /** The answer. */
    record Shown(@JsonProperty("tasks") List<TaskView> tasks) {}

    ListHandler(TaskStore store) {
        this.store = store;
    }

    @Override
    public Object handle(Fields fields) throws StoreException {
        return new Shown(
                store.list().stream()
                        .filter(task -> task.desired() != DesiredState.DELETED)
                        .map(TaskView::of)
                        .toList());
    }
}

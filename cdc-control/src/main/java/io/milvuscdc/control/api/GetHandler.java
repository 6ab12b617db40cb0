// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.Task;

/** Shows one task. */
final class GetHandler implements RequestHandler {

    private final TaskStore store;
    // the old tool sorts the keys here, and not in a list
    private final ObjectMapper sorting =
            JsonMapper.builder()
                    .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    /** The answer. */
    record Shown(@JsonProperty("task") JsonNode task) {}

    GetHandler(TaskStore store) {
        this.store = store;
    }

    @Override
    public Object handle(Fields fields) throws ApiException, StoreException {
        TaskIdRequest request = TaskIdRequest.of(fields, "get");
        if (request.taskId().isEmpty()) {
            throw ApiException.client("task_id is empty");
        }
        Task task =
                request.find(store)
                        .orElseThrow(
                                () -> ApiException.client("not found: [" + request.taskId() + "]"));
        return new Shown(sorting.valueToTree(TaskView.of(task)));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Collectors;

/** Tasks as JSON and back. What it can't read it refuses, whole. */
final class TaskCodec {

    private final ObjectMapper json =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    byte[] encode(Task task) {
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsBytes(StoredTask.of(task));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("task " + task.id() + " can't be written as JSON", e);
        }
    }

    /**
     * Reads a task.
     *
     * @throws IOException the bytes are no task, or one of a newer version; the message repeats
     *     nothing of them, as they hold a password
     */
    Task decode(byte[] bytes) throws IOException {
        JsonNode tree;
        try {
            tree = json.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IOException("it isn't JSON" + at(e));
        }
        int version = tree.path("Flink").path("version").asInt();
        if (version != StoredTask.VERSION) {
            throw new IOException(
                    "it has version "
                            + version
                            + ", this program reads version "
                            + StoredTask.VERSION);
        }
        try {
            return json.treeToValue(tree, StoredTask.class).toTask();
        } catch (JsonMappingException e) {
            throw new IOException("it doesn't hold a task, see its field " + path(e));
        } catch (JsonProcessingException e) {
            throw new IOException("it doesn't hold a task");
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new IOException("it holds half a task", e);
        }
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
    }
}

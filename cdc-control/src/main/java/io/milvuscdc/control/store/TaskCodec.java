// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Tasks as JSON and back. What it can't read it refuses, whole; no message repeats anything of a
 * value, as that holds passwords.
 */
final class TaskCodec {

    private static final String OWN_SECTION = "Flink";

    private final ObjectMapper json =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    /** A task's JSON, to be changed as one likes. */
    JsonNode encode(Task task) {
        return json.valueToTree(StoredTask.of(task));
    }

    /** The text that's stored. */
    String text(JsonNode tree) {
        return tree.toPrettyString();
    }

    /** Reads what's stored as JSON. */
    JsonNode tree(String text) throws IOException {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException("it isn't JSON" + at(e));
        }
    }

    /** Whether both texts hold the same. */
    boolean same(String a, String b) {
        try {
            return tree(a).equals(tree(b));
        } catch (IOException e) {
            // what isn't JSON is the same as nothing
            return false;
        }
    }

    /** Whether this program wrote it, not the old tool. */
    boolean isOurs(JsonNode tree) {
        return tree.path(OWN_SECTION).isObject();
    }

    /**
     * Returns when this program knows the version.
     *
     * @param key for the message
     */
    void refuseNewer(JsonNode tree, String key) throws StoreException {
        int version = tree.path(OWN_SECTION).path("version").asInt();
        if (!StoredFlink.reads(version)) {
            throw new StoreException(
                    key
                            + " has version "
                            + version
                            + ", this program reads versions up to "
                            + StoredFlink.VERSION
                            + ": use the program that wrote it, or a newer one");
        }
    }

    /** Reads a task that this program wrote. */
    Task decode(JsonNode tree) throws IOException {
        return read(json.readerFor(StoredTask.class), tree);
    }

    /**
     * Reads a task that the old tool wrote; it starts nowhere yet. What its earlier versions didn't
     * know is as when it isn't said, as in Go.
     */
    Task decodeGo(JsonNode tree, String taskId) throws IOException {
        Task task =
                read(
                        json.readerFor(StoredTask.class)
                                .without(
                                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES),
                        tree);
        if (!taskId.equals(task.id())) {
            throw new IOException("it holds another task, " + task.id());
        }
        return task;
    }

    private static Task read(ObjectReader reader, JsonNode tree) throws IOException {
        try {
            StoredTask stored = reader.readValue(tree);
            return stored.toTask();
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

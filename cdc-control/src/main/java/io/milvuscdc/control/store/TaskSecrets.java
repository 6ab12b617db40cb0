// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Encrypts and decrypts the fields of a stored task that are secret. */
final class TaskSecrets {

    private static final List<List<String>> FIELDS =
            List.of(
                    List.of("MilvusConnectParam", "password"),
                    List.of("MilvusConnectParam", "token"),
                    List.of("KafkaConnectParam", "sasl", "password"));

    private final SecretCipher cipher;

    TaskSecrets(SecretCipher cipher) {
        this.cipher = cipher;
    }

    /** Encrypts in place what isn't yet. */
    void seal(String taskId, JsonNode task) {
        for (List<String> field : FIELDS) {
            String text = text(task, field);
            if (!text.isEmpty()) {
                set(task, field, cipher.seal(place(taskId, field), text));
            }
        }
    }

    /**
     * Decrypts in place what's encrypted.
     *
     * @throws SecretKeyException names the field
     */
    void open(String taskId, JsonNode task) throws SecretKeyException {
        for (List<String> field : FIELDS) {
            String text = text(task, field);
            try {
                if (!text.isEmpty()) {
                    set(task, field, cipher.open(place(taskId, field), text));
                }
            } catch (SecretKeyException e) {
                throw new SecretKeyException(
                        "its " + String.join(".", field) + " can't be read: " + e.getMessage(), e);
            }
        }
    }

    /** Whether something stored is clear, or encrypted with a key that another one replaces. */
    boolean needSealing(String taskId, JsonNode task) {
        return cipher.hasKey()
                && FIELDS.stream()
                        .anyMatch(
                                field -> {
                                    String text = text(task, field);
                                    return !text.isEmpty()
                                            && !cipher.isCurrent(place(taskId, field), text);
                                });
    }

    private static String place(String taskId, List<String> field) {
        return taskId + "/" + String.join(".", field);
    }

    private static String text(JsonNode task, List<String> field) {
        return parent(task, field).path(field.get(field.size() - 1)).asText("");
    }

    private static void set(JsonNode task, List<String> field, String text) {
        ((ObjectNode) parent(task, field)).put(field.get(field.size() - 1), text);
    }

    private static JsonNode parent(JsonNode task, List<String> field) {
        JsonNode node = task;
        for (String name : field.subList(0, field.size() - 1)) {
            node = node.path(name);
        }
        return node;
    }
}

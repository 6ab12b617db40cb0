// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The fields of a request. Keys are case-insensitive, absent and null ones have their type's empty
 * value, and wrong types are collected under their path, in the old tool's words. A value whose key
 * sounds like a secret isn't repeated. Not for use by several threads.
 */
final class Fields {

    private static final List<String> SECRETS = List.of("token", "password", "username");

    private final JsonNode object;
    private final String path;
    private final List<String> errors;

    private Fields(JsonNode object, String path, List<String> errors) {
        this.object = object;
        this.path = path;
        this.errors = errors;
    }

    /** Fields of an object; null and absent ones have no fields. */
    static Fields of(JsonNode object) {
        return new Fields(object, "", new ArrayList<>());
    }

    /**
     * Says what was wrong with the fields read so far.
     *
     * @throws ApiException some had the wrong type
     */
    void check(String requestType) throws ApiException {
        if (!errors.isEmpty()) {
            throw ApiException.undecodable(
                    "fail to decode the "
                            + requestType
                            + " request, error: "
                            + errors.size()
                            + " error(s) decoding:\n\n"
                            + errors.stream().sorted().collect(Collectors.joining("\n")));
        }
    }

    /** The same fields, with paths and errors of their own. */
    Fields asRoot() {
        return of(object);
    }

    /** True when the field is there and not null. */
    boolean has(String key) {
        return isPresent(node(key));
    }

    /** The field as it is, a missing node when it's absent. */
    JsonNode raw(String key) {
        return node(key);
    }

    String text(String key) {
        JsonNode node = node(key);
        if (isPresent(node) && !node.isTextual()) {
            mismatch(key, "string", node);
            return "";
        }
        return node.asText("");
    }

    /** A whole number; a fraction is cut off. */
    int number(String key) {
        JsonNode node = node(key);
        if (isPresent(node) && !node.isNumber()) {
            mismatch(key, "int", node);
            return 0;
        }
        return node.asInt();
    }

    boolean flag(String key) {
        JsonNode node = node(key);
        if (isPresent(node) && !node.isBoolean()) {
            mismatch(key, "bool", node);
            return false;
        }
        return node.asBoolean();
    }

    /** The fields of an object; none when it's absent. */
    Fields object(String key) {
        JsonNode node = node(key);
        if (isPresent(node) && !node.isObject()) {
            errors.add("* '" + pathOf(key) + "' expected a map, got '" + kind(node) + "'");
            return new Fields(JsonNodeFactory.instance.objectNode(), pathOf(key), errors);
        }
        return new Fields(node, pathOf(key), errors);
    }

    /** A list of objects, each turned into a value; null when it's absent. */
    <T> List<T> objects(String key, Function<Fields, T> item) {
        JsonNode node = node(key);
        if (!isPresent(node)) {
            return null;
        }
        if (!node.isArray()) {
            errors.add(noList(key, node));
            return List.of();
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            String itemPath = pathOf(key) + "[" + i + "]";
            JsonNode value = node.get(i);
            if (isPresent(value) && !value.isObject()) {
                errors.add("* '" + itemPath + "' expected a map, got '" + kind(value) + "'");
            } else {
                items.add(item.apply(new Fields(value, itemPath, errors)));
            }
        }
        return items;
    }

    /** A list of texts; null when it's absent. */
    List<String> texts(String key) {
        JsonNode node = node(key);
        if (!isPresent(node)) {
            return null;
        }
        if (!node.isArray()) {
            errors.add(noList(key, node));
            return List.of();
        }
        List<String> items = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            JsonNode value = node.get(i);
            if (isPresent(value) && !value.isTextual()) {
                mismatch(key + "[" + i + "]", "string", value);
            } else {
                items.add(value.asText(""));
            }
        }
        return items;
    }

    private String noList(String key, JsonNode node) {
        return "* '" + pathOf(key) + "': source data must be an array or slice, got " + go(node);
    }

    /** An object whose keys are free, each field turned into a value; null when it's absent. */
    <T> Map<String, T> map(String key, FieldReader<T> reader) {
        if (!has(key)) {
            return null;
        }
        Fields inner = object(key);
        Map<String, T> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : inner.object.properties()) {
            values.put(entry.getKey(), reader.read(inner, entry.getKey()));
        }
        return values;
    }

    /** Reads one field. */
    @FunctionalInterface
    interface FieldReader<T> {
        T read(Fields fields, String key);
    }

    private JsonNode node(String key) {
        JsonNode exact = object.path(key);
        if (!exact.isMissingNode()) {
            return exact;
        }
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getKey().equalsIgnoreCase(key)) {
                return entry.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean isPresent(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    private void mismatch(String key, String wanted, JsonNode node) {
        boolean secret = SECRETS.contains(key.toLowerCase(Locale.ROOT));
        errors.add(
                "* '"
                        + pathOf(key)
                        + "' expected type '"
                        + wanted
                        + "', got unconvertible type '"
                        + go(node)
                        + "', value: '"
                        + (secret || node.isContainerNode() ? "***" : node.asText())
                        + "'");
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The type's name in Go, which callers of the old tool may know. */
    private static String go(JsonNode node) {
        return switch (node.getNodeType()) {
            case NUMBER -> "float64";
            case BOOLEAN -> "bool";
            case ARRAY -> "[]interface {}";
            case OBJECT -> "map[string]interface {}";
            default -> "string";
        };
    }

    private static String kind(JsonNode node) {
        return node.isArray() ? "slice" : go(node);
    }
}

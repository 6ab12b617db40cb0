// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.milvuscdc.e2e.servers.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads what is in {@code deploy/} and its neighbours. Paths are relative to the project's root.
 */
final class DeployFiles {

    private static final YAMLMapper YAML = new YAMLMapper();

    private DeployFiles() {}

    static Path path(String relative) {
        return ProjectFiles.find(Path.of(relative));
    }

    static String text(String relative) {
        try {
            return Files.readString(path(relative));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one document of a yaml file. */
    static JsonNode yaml(String relative) {
        List<JsonNode> documents = documents(relative);
        if (documents.size() != 1) {
            throw new IllegalArgumentException(relative + " has more than one document");
        }
        return documents.get(0);
    }

    /** All documents of a yaml file. */
    static List<JsonNode> documents(String relative) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text(relative))) {
            return documents.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values of a tree by their dotted keys. */
    static Map<String, String> flat(JsonNode tree) {
        Map<String, String> values = new TreeMap<>();
        flatten("", tree, values);
        return values;
    }

    private static void flatten(String prefix, JsonNode tree, Map<String, String> values) {
        tree.properties()
                .forEach(
                        entry -> {
                            if (entry.getValue().isObject()) {
                                flatten(prefix + entry.getKey() + ".", entry.getValue(), values);
                            } else {
                                values.put(prefix + entry.getKey(), entry.getValue().asText());
                            }
                        });
    }

    /** Every object of a tree, the tree itself included. */
    static List<JsonNode> objects(JsonNode tree) {
        List<JsonNode> objects = new ArrayList<>();
        if (tree.isObject()) {
            objects.add(tree);
        }
        tree.forEach(child -> objects.addAll(objects(child)));
        return objects;
    }
}

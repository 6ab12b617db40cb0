// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * A compose file with what its services extend put in: mappings are merged, lists appended, as
 * compose does with the keys that occur here.
 */
record ComposeProject(String file, JsonNode root, Map<String, JsonNode> services) {

    static final String DIRECTORY = "deploy/compose/";

    static ComposeProject of(String name) {
        JsonNode root = DeployFiles.yaml(DIRECTORY + name);
        Map<String, JsonNode> services = new TreeMap<>();
        root.path("services")
                .properties()
                .forEach(entry -> services.put(entry.getKey(), resolved(entry.getValue())));
        return new ComposeProject(name, root, services);
    }

    private static JsonNode resolved(JsonNode service) {
        JsonNode from = service.path("extends");
        if (from.isMissingNode()) {
            return service;
        }
        JsonNode base =
                DeployFiles.yaml(DIRECTORY + from.path("file").asText())
                        .path("services")
                        .path(from.path("service").asText());
        if (!base.isObject()) {
            throw new IllegalArgumentException("no service to extend: " + from);
        }
        ObjectNode own = service.deepCopy();
        own.remove("extends");
        return merged(base, own);
    }

    private static JsonNode merged(JsonNode base, JsonNode own) {
        if (base.isObject() && own.isObject()) {
            ObjectNode result = base.deepCopy();
            own.properties()
                    .forEach(
                            entry ->
                                    result.set(
                                            entry.getKey(),
                                            merged(base.path(entry.getKey()), entry.getValue())));
            return result;
        }
        if (base.isArray() && own.isArray()) {
            return ((ArrayNode) base.deepCopy()).addAll((ArrayNode) own);
        }
        return own;
    }
}

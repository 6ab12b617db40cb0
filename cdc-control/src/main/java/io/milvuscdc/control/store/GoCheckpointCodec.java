// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Reads the positions that the Go tool stored, in its JSON. */
final class GoCheckpointCodec {

    private final ObjectMapper json = new ObjectMapper();

    /**
     * Reads the value of an etcd key, which holds everything.
     *
     * @throws IOException it's none; the message says why
     */
    GoCheckpoint decode(String value) throws IOException {
        JsonNode tree = tree(value);
        if (!tree.path("CollectionID").isIntegralNumber()) {
            throw new IOException("it has no CollectionID");
        }
        return decode(tree.path("CollectionID").asLong(), tree.path("Positions"));
    }

    /** Reads a row of MySQL, where the collection has a column of its own. */
    GoCheckpoint decode(long collectionId, String positions) throws IOException {
        return decode(collectionId, tree(positions == null ? "{}" : positions));
    }

    private static GoCheckpoint decode(long collectionId, JsonNode channels) throws IOException {
        Map<String, String> positions = new TreeMap<>();
        Map<String, Long> times = new TreeMap<>();
        boolean dropped = false;
        for (Map.Entry<String, JsonNode> channel : channels.properties()) {
            JsonNode position = channel.getValue();
            dropped |= position.path("Dropped").asBoolean();
            JsonNode id = position.path("DataPair").path("data");
            if (!id.isTextual()) {
                throw new IOException("its position of " + channel.getKey() + " has no data");
            }
            positions.put(channel.getKey(), id.asText());
            times.put(channel.getKey(), position.path("Time").asLong());
        }
        return new GoCheckpoint(collectionId, positions, times, dropped);
    }

    private JsonNode tree(String value) throws IOException {
        try {
            return json.readTree(value);
        } catch (JsonProcessingException e) {
            throw new IOException("it isn't JSON", e);
        }
    }
}

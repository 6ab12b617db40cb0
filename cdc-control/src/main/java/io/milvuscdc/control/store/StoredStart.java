// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.StartPoint;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a task begins, as it's stored.
 *
 * @param channels first positions by channel
 * @param collections later first positions by collection id and pchannel
 * @param done tsos up to which everything is at the target, by collection id and pchannel; null
 *     before version 3
 */
record StoredStart(
        @JsonProperty("channels") Map<String, Position> channels,
        @JsonProperty("collections") Map<Long, Map<String, Position>> collections,
        @JsonProperty("done") Map<Long, Map<String, Long>> done) {

    /** A position in either message queue's terms. */
    record Position(@JsonProperty("ledger") long ledger, @JsonProperty("entry") long entry) {}

    static StoredStart of(StartPoint start) {
        Map<Long, Map<String, Position>> collections = new TreeMap<>();
        start.collections().forEach((id, positions) -> collections.put(id, stored(positions)));
        return new StoredStart(stored(start.channels()), collections, start.done());
    }

    private static Map<String, Position> stored(Map<String, MqPosition> positions) {
        Map<String, Position> stored = new TreeMap<>();
        positions.forEach(
                (channel, at) -> stored.put(channel, new Position(at.ledger(), at.entry())));
        return stored;
    }

    StartPoint toStartPoint() {
        Map<Long, Map<String, MqPosition>> restored = new TreeMap<>();
        collections.forEach((id, positions) -> restored.put(id, restored(positions)));
        return new StartPoint(restored(channels), restored, done == null ? Map.of() : done);
    }

    private static Map<String, MqPosition> restored(Map<String, Position> positions) {
        Map<String, MqPosition> restored = new TreeMap<>();
        positions.forEach(
                (channel, at) -> restored.put(channel, new MqPosition(at.ledger(), at.entry())));
        return restored;
    }
}

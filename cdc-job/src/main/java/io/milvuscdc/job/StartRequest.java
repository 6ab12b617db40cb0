// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.Selection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the user wants a new task to begin. What isn't said begins now.
 *
 * @param selection the task's collections
 * @param fromCollectionStart the ones of them that are read from their creation on
 * @param positions where single collections begin, by source vchannel
 * @param operations where the replicate channel begins
 */
public record StartRequest(
        Selection selection,
        List<CollectionPattern> fromCollectionStart,
        Map<String, ChannelPosition> positions,
        Optional<ChannelPosition> operations) {

    public StartRequest {
        fromCollectionStart = List.copyOf(fromCollectionStart);
        positions = Map.copyOf(positions);
    }

    /** Everything, from now on or from the creation of every collection. */
    public static StartRequest everything(boolean fromCollectionStart) {
        return new StartRequest(
                Selection.EVERYTHING,
                fromCollectionStart ? Selection.EVERYTHING.included() : List.of(),
                Map.of(),
                Optional.empty());
    }

    /** Whether the collection of these names is read from its creation on. */
    boolean readsFromStart(String database, String collection) {
        return fromCollectionStart.stream().anyMatch(p -> p.matches(database, collection));
    }
}

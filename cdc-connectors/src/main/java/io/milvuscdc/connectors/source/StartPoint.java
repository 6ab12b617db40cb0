// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a task begins. Fixed once, when the task is made; but a job by {@code flink run} with a
 * task file has nobody to keep it, and makes it anew at every start.
 *
 * @param channels by channel, the first position to read; a channel that isn't in it didn't exist
 *     then and is read from its beginning
 * @param collections by source collection id and pchannel, the first position whose messages of the
 *     collection belong to the task, where that is later than the channel's. One without any
 *     position existed when the task was made and isn't selected, whatever it is called later. Of a
 *     task that doesn't select everything, all collections that existed then are in it. One that
 *     isn't in it belongs to the task, if its name does, from the channel's first position on
 * @param done by source collection id and pchannel, a tso up to which the target has everything of
 *     the collection, wherever it stands in the channel: ticks of two channels are at different
 *     timestamps, so what is done ends at no one place. Nothing where it isn't known
 * @param replanned whether this was made anew for a job that goes on from a checkpoint. Then a
 *     collection in {@code collections} was selected, or not, by its name of today and not by the
 *     one that it had when the task was made
 */
public record StartPoint(
        Map<String, MqPosition> channels,
        Map<Long, Map<String, MqPosition>> collections,
        Map<Long, Map<String, Long>> done,
        boolean replanned)
        implements Serializable {

    /** Everything from the beginning. */
    public static final StartPoint BEGINNING = new StartPoint(Map.of(), Map.of());

    public StartPoint {
        channels = new TreeMap<>(channels);
        Map<Long, Map<String, MqPosition>> copy = new TreeMap<>();
        collections.forEach((id, positions) -> copy.put(id, new TreeMap<>(positions)));
        collections = copy;
        Map<Long, Map<String, Long>> timestamps = new TreeMap<>();
        done.forEach((id, upTo) -> timestamps.put(id, new TreeMap<>(upTo)));
        done = timestamps;
    }

    /** Positions alone. */
    public StartPoint(
            Map<String, MqPosition> channels, Map<Long, Map<String, MqPosition>> collections) {
        this(channels, collections, Map.of());
    }

    /** Of a task that begins. */
    public StartPoint(
            Map<String, MqPosition> channels,
            Map<Long, Map<String, MqPosition>> collections,
            Map<Long, Map<String, Long>> done) {
        this(channels, collections, done, false);
    }

    /** The same, made anew for a job that goes on from a checkpoint. */
    public StartPoint ofReplan() {
        return new StartPoint(channels, collections, done, true);
    }

    /**
     * Up to which tso the target has all of a collection's messages in a pchannel; 0 if unknown.
     */
    public long doneUpTo(long collectionId, String pchannel) {
        return done.getOrDefault(collectionId, Map.of()).getOrDefault(pchannel, 0L);
    }

    /** The latest tso that anything is {@link #done} up to; 0 if nothing is known. */
    public long lastDone() {
        return done.values().stream()
                .flatMap(upTo -> upTo.values().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /**
     * Whether a collection that existed when this was made was selected then; empty when that isn't
     * known, or it is younger.
     */
    public Optional<Boolean> selected(long collectionId) {
        return Optional.ofNullable(collections.get(collectionId)).map(starts -> !starts.isEmpty());
    }

    /** Begins every channel at a Kafka offset. */
    public static StartPoint ofKafkaOffsets(Map<String, Long> offsets) {
        Map<String, MqPosition> channels = new HashMap<>();
        offsets.forEach(
                (channel, offset) -> channels.put(channel, MqPosition.ofKafkaOffset(offset)));
        return new StartPoint(channels, Map.of());
    }
}

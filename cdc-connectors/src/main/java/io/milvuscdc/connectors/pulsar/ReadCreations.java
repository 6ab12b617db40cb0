// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.source.SourceException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds out that a channel that is read from its beginning has lost it: no position was read that
 * could be missed, but Milvus writes a collection's creation into each of its pchannels before it
 * writes anything else of it, and before anybody can find it (2.3 to 2.5, {@code
 * create_collection_task.go}, addChannelsAndGetStartPositions). So rows of a collection whose
 * creation hasn't been read have been preceded by messages that are gone. Used by one thread.
 */
final class ReadCreations {

    /** As long as one isn't dropped. */
    private static final long LIVE = 0;

    /** Rows that were on their way when their collection was dropped come within seconds. */
    private static final long FORGET_AFTER_MILLIS = Duration.ofMinutes(10).toMillis();

    private final Map<Long, Long> droppedAt;
    private final Deque<Long> dropped = new ArrayDeque<>();

    /**
     * Goes on.
     *
     * @param state what {@link #state} gave; empty at the beginning
     */
    ReadCreations(Map<Long, Long> state) {
        this.droppedAt = new TreeMap<>(state);
        droppedAt.entrySet().stream()
                .filter(collection -> collection.getValue() != LIVE)
                .sorted(Comparator.comparing(Map.Entry::getValue))
                .forEach(collection -> dropped.add(collection.getKey()));
    }

    /** By id, the collections whose creation was read, with the tso of their drop or 0. */
    Map<Long, Long> state() {
        return new TreeMap<>(droppedAt);
    }

    /**
     * The channel's next message.
     *
     * @throws SourceException when messages in front of it are missing
     */
    void next(ChannelMessage message) {
        switch (message.type()) {
            case MsgType.CreateCollection_VALUE -> droppedAt.put(message.collectionId(), LIVE);
            case MsgType.DropCollection_VALUE -> drop(message);
            case MsgType.Insert_VALUE, MsgType.Delete_VALUE -> requireCreated(message);
            case MsgType.TimeTick_VALUE -> forget(message.timestamp());
            default -> {
                // of no collection, or without rows
            }
        }
    }

    private void drop(ChannelMessage message) {
        if (droppedAt.replace(message.collectionId(), LIVE, message.timestamp())) {
            dropped.add(message.collectionId());
        }
    }

    private void forget(long tick) {
        long before = Tso.physicalMillis(tick) - FORGET_AFTER_MILLIS;
        while (!dropped.isEmpty() && Tso.physicalMillis(droppedAt.get(dropped.peek())) < before) {
            droppedAt.remove(dropped.remove());
        }
    }

    private void requireCreated(ChannelMessage message) {
        if (!droppedAt.containsKey(message.collectionId())) {
            throw new SourceException(
                    "The source's broker no longer has the beginning of channel "
                            + message.pchannel()
                            + ", which is to be read from there: at "
                            + message.position().describe()
                            + " come rows of collection "
                            + message.collectionId()
                            + ", whose creation must be in front of them and isn't. Unread changes"
                            + " are lost to this task (retention or TTL too short, the task's"
                            + " subscription or its backlog was removed, or nothing was in the"
                            + " channel of an older collection when the task was made). Delete the"
                            + " task, copy the data by a backup, and create the task again.",
                    null);
        }
    }
}

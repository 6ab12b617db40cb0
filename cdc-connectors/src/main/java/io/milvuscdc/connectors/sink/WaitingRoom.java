// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages of collections whose place at the target isn't free yet, per collection in the order in
 * which they were read. They are part of the writer's state. Not thread-safe.
 */
final class WaitingRoom {

    private final Map<Long, Deque<ChannelMessage>> byCollection = new LinkedHashMap<>();
    private long bytes;

    /** Sends a message, or answers false when it has to wait on. */
    @FunctionalInterface
    interface Attempt {
        boolean send(ChannelMessage message) throws IOException, InterruptedException;
    }

    boolean holds(long collectionId) {
        return byCollection.containsKey(collectionId);
    }

    void add(ChannelMessage message) {
        byCollection.computeIfAbsent(message.collectionId(), id -> new ArrayDeque<>()).add(message);
        bytes += message.payload().size();
    }

    /** Tries every collection again, each from its oldest message on until one has to wait. */
    void retry(Attempt attempt) throws IOException, InterruptedException {
        for (Long collectionId : List.copyOf(byCollection.keySet())) {
            Deque<ChannelMessage> queue = byCollection.get(collectionId);
            while (!queue.isEmpty() && attempt.send(queue.peek())) {
                bytes -= queue.remove().payload().size();
            }
            if (queue.isEmpty()) {
                byCollection.remove(collectionId);
            }
        }
    }

    boolean isEmpty() {
        return byCollection.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    /** By collection, the smallest timestamp of a waiting message. */
    Map<Long, Long> minTimestamps() {
        Map<Long, Long> min = new HashMap<>();
        for (Deque<ChannelMessage> queue : byCollection.values()) {
            for (ChannelMessage message : queue) {
                min.merge(message.collectionId(), message.timestamp(), Math::min);
            }
        }
        return min;
    }

    List<ChannelMessage> messages() {
        List<ChannelMessage> all = new ArrayList<>();
        byCollection.values().forEach(all::addAll);
        return all;
    }
}

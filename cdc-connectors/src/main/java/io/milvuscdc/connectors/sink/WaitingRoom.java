// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * Messages of collections whose place at the target isn't free yet, per collection in the order in
 * which they were read. They are part of the writer's state. Not thread-safe.
 */
final class WaitingRoom {

    private static final long MOST_CROWDED_BYTES = 64L << 20;

    /** A checkpoint copies what waits about four times, and several writers may share the heap. */
    private static final long HEAP_PARTS = 32;

    private static final long STEPS = 8;
    private static final long NANOS_PER_BYTE = 125;

    /**
     * Half of the shortest checkpoint timeout that this project sets, 5 min: a checkpoint's barrier
     * gets through between two messages.
     */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(150);

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Map<Long, Deque<ChannelMessage>> byCollection = new LinkedHashMap<>();
    private final long crowdedBytes;
    private long bytes;

    /** Made for this process' heap. */
    WaitingRoom() {
        this(Runtime.getRuntime().maxMemory());
    }

    WaitingRoom(long heapBytes) {
        this.crowdedBytes = Math.min(MOST_CROWDED_BYTES, heapBytes / HEAP_PARTS);
    }

    /** Sends a message, or answers false when it has to wait on. */
    @FunctionalInterface
    interface Attempt {
        boolean send(ChannelMessage message) throws IOException, InterruptedException;
    }

    /** Tries again what waits, unless that was done just now. */
    @FunctionalInterface
    interface Retry {
        void retry() throws IOException, InterruptedException;
    }

    /**
     * Whether a message goes ahead of others of its collection that wait: Milvus announces the drop
     * of a partition late, behind rows of a younger one of its name that wait for just that.
     */
    static boolean mayPass(ChannelMessage message) {
        return message.type() == MsgType.DropPartition_VALUE;
    }

    boolean holds(long collectionId) {
        return byCollection.containsKey(collectionId);
    }

    void add(ChannelMessage message) {
        byCollection.computeIfAbsent(message.collectionId(), id -> new ArrayDeque<>()).add(message);
        bytes += message.payload().size();
    }

    /**
     * Tries every collection again: first what may pass the others, then the rest from the oldest
     * message on until one has to wait. What may pass the others but can't is waited for by them,
     * too: they are to find what it changes.
     */
    void retry(Attempt attempt) throws IOException, InterruptedException {
        for (Long collectionId : List.copyOf(byCollection.keySet())) {
            Deque<ChannelMessage> queue = byCollection.get(collectionId);
            boolean passed = true;
            for (Iterator<ChannelMessage> each = queue.iterator(); each.hasNext(); ) {
                ChannelMessage message = each.next();
                if (!mayPass(message)) {
                    continue;
                }
                if (attempt.send(message)) {
                    bytes -= message.payload().size();
                    each.remove();
                } else {
                    passed = false;
                }
            }
            while (passed && !queue.isEmpty() && attempt.send(queue.peek())) {
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

    /**
     * Waits after a message was added, {@link #pauseNanos} at most: what waits is tried again
     * meanwhile, and once there's room the pause is over.
     */
    void pause(int messageBytes, Retry retry) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long left = pauseNanos(messageBytes);
        while (left > 0) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, SLICE_NANOS));
            retry.retry();
            left = pauseNanos(messageBytes) - (System.nanoTime() - start);
        }
    }

    /**
     * How long to wait after a message was added, so that a long wait doesn't fill the memory: from
     * a 32nd of the heap on, at most 64 MiB, reading goes on at 8 MB/s, and at half of that with
     * each further eighth of it, but never at less than a message in 150 s: the drop that the rest
     * waits for may come behind them. However much the source writes, after an hour there wait
     *
     * <table>
     * <caption>MiB by the size of the messages</caption>
     * <tr><th>heap</th><th>64 KiB</th><th>1 MiB</th><th>2 MiB</th><th>5 MiB</th></tr>
     * <tr><td>2 GiB and more</td><td>157</td><td>161</td><td>176</td><td>240</td></tr>
     * <tr><td>512 MiB</td><td>43</td><td>58</td><td>80</td><td>150</td></tr>
     * </table>
     *
     * and with each further hour 24 messages more, or less.
     */
    long pauseNanos(int messageBytes) {
        if (bytes <= crowdedBytes) {
            return 0;
        }
        long steps = Math.min(20, (bytes - crowdedBytes) * STEPS / crowdedBytes);
        return Math.min(LONGEST_PAUSE_NANOS, (messageBytes * NANOS_PER_BYTE) << steps);
    }

    /** By collection, the timestamp of the message that has waited longest. */
    Map<Long, Long> oldest() {
        if (byCollection.isEmpty()) {
            return Map.of();
        }
        Map<Long, Long> oldest = new HashMap<>();
        byCollection.forEach((id, queue) -> oldest.put(id, queue.element().timestamp()));
        return oldest;
    }

    /** By collection, the smallest timestamp of a waiting message. */
    Map<Long, Long> minTimestamps() {
        return timestamps(ChannelMessage::collectionId, Math::min);
    }

    /** By source pchannel, the greatest timestamp of a waiting message. */
    Map<String, Long> maxTimestamps() {
        return timestamps(ChannelMessage::pchannel, Math::max);
    }

    private <K> Map<K, Long> timestamps(
            Function<ChannelMessage, K> key, BinaryOperator<Long> chosen) {
        Map<K, Long> found = new HashMap<>();
        for (Deque<ChannelMessage> queue : byCollection.values()) {
            for (ChannelMessage message : queue) {
                found.merge(key.apply(message), message.timestamp(), chosen);
            }
        }
        return found;
    }

    List<ChannelMessage> messages() {
        List<ChannelMessage> all = new ArrayList<>();
        byCollection.values().forEach(all::addAll);
        return all;
    }
}

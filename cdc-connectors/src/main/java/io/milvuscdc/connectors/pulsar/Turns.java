// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/**
 * Takes what channels have, one message of each in turn, so that none keeps the others waiting
 * however much it has and however large its messages are. Used by one thread.
 *
 * @param <T> a message
 */
final class Turns<T> {

    /** Of one go, for each channel. */
    private static final int MESSAGES_OF_A_CHANNEL = 128;

    /** Of one go, for all channels: what bounds the memory. */
    private static final long BYTES = 8L << 20;

    /** What a channel has. */
    @FunctionalInterface
    interface Channel<T> {

        /** The next message, null when there is none now. */
        T poll() throws IOException;
    }

    private record Named<T>(String name, Channel<T> channel) {}

    private final ToIntFunction<T> sizeOf;
    // whose turn it is comes first, also from one go to the next
    private final Deque<Named<T>> order = new ArrayDeque<>();

    /**
     * Of no channel yet.
     *
     * @param sizeOf a message's size in bytes
     */
    Turns(ToIntFunction<T> sizeOf) {
        this.sizeOf = sizeOf;
    }

    /** Has one more channel take its turn. */
    void add(String name, Channel<T> channel) {
        order.add(new Named<>(name, channel));
    }

    /**
     * Takes what is there, up to a bound.
     *
     * @param taken is given each message with its channel's name
     * @return false when no channel had any
     */
    boolean take(BiConsumer<String, T> taken) throws IOException {
        List<Named<T>> idle = new ArrayList<>();
        boolean any = false;
        long bytes = 0;
        long left = (long) MESSAGES_OF_A_CHANNEL * order.size();
        while (left > 0 && bytes < BYTES && !order.isEmpty()) {
            Named<T> next = order.remove();
            T message = next.channel().poll();
            if (message == null) {
                idle.add(next);
                continue;
            }
            order.add(next);
            taken.accept(next.name(), message);
            any = true;
            bytes += sizeOf.applyAsInt(message);
            left--;
        }
        // they had nothing, so the next go begins with them
        idle.forEach(order::addFirst);
        return any;
    }
}

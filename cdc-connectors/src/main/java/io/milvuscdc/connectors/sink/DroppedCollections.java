// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.Tso;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * The collections whose drops a writer has handed on, until they can be forgotten: what comes of
 * them from then on, by a channel that is far behind, is of no use. So that the state doesn't keep
 * every collection there ever was. Used by the writer's thread.
 */
final class DroppedCollections {

    /** Much more than the channels of a job are apart. */
    private static final long KEPT_MILLIS = Duration.ofMinutes(10).toMillis();

    private record Dropped(long collectionId, long timestamp) {}

    private final Deque<Dropped> oldestFirst = new ArrayDeque<>();

    /** One that was dropped at a tso, or before it. */
    void add(long collectionId, long timestamp) {
        oldestFirst.add(new Dropped(collectionId, timestamp));
    }

    /**
     * Forgets those that a channel is far past.
     *
     * @param tick how far that channel is, a tso
     * @param inUse which have to be kept
     * @param forget is told of each that is forgotten
     */
    void forgetBefore(long tick, LongPredicate inUse, LongConsumer forget) {
        long before = Tso.physicalMillis(tick) - KEPT_MILLIS;
        while (!oldestFirst.isEmpty()
                && Tso.physicalMillis(oldestFirst.peek().timestamp()) < before) {
            Dropped oldest = oldestFirst.remove();
            if (inUse.test(oldest.collectionId())) {
                oldestFirst.add(oldest);
                return;
            }
            forget.accept(oldest.collectionId());
        }
    }
}

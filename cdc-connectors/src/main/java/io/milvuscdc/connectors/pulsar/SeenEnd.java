// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.MqPosition;
import java.time.Duration;
import java.util.Optional;

/**
 * That a channel had been read to its end, which is evidence when its last message is gone: a
 * message TTL takes that one too, however quiet the channel is. Times are in epoch milliseconds.
 *
 * @param read what had been read
 * @param since when it was first seen that nothing followed
 * @param held when the broker was last seen to hold the last message for the task's subscription,
 *     which is one behind
 * @param there when the last message was last seen in the broker, held or not
 * @param seen when it was last seen that nothing followed
 */
record SeenEnd(ReadPosition read, long since, long held, long there, long seen) {

    /** More than a broker takes from one look for expired messages to the next (5 minutes). */
    private static final long EXPIRY_CHECK = Duration.ofMinutes(10).toMillis();

    /**
     * More than a ledger is written into ({@code managedLedgerMaxLedgerRolloverTimeMinutes}, 4
     * hours); before it's closed, nothing in it is removed.
     */
    private static final long OPEN_LEDGER = Duration.ofHours(5).toMillis();

    /** Nothing follows what was read, as seen for the first time. */
    static SeenEnd first(ReadPosition read, long now) {
        return new SeenEnd(read, now, now, now, now);
    }

    /** Nothing follows, and the last message is held. */
    SeenEnd stillHeld(long now) {
        return new SeenEnd(read, since, now, now, now);
    }

    /** Nothing follows; the last message has been taken from the subscription, but is there. */
    SeenEnd stillThere(long now) {
        return new SeenEnd(read, since, held, now, now);
    }

    /** Nothing follows; the last message is gone. */
    SeenEnd stillNothing(long now) {
        return new SeenEnd(read, since, held, there, now);
    }

    /**
     * Whether all that came behind the end since is still there, although the last message isn't.
     * It is when the subscription stands right behind it. Else, as when the broker has moved it
     * into a new ledger or it was made anew, by time: the broker has kept the last message for so
     * long, by TTL or by retention, and keeps a younger one no less. That it let the last one go by
     * age must have been seen: without its subscription all of a channel may go at once.
     *
     * @param taken as {@link ChannelTail#taken}
     */
    boolean outlasts(Optional<MqPosition> taken, long now) {
        if (taken.isEmpty()) {
            return false;
        }
        if (taken.get().equals(read.position())) {
            return true;
        }
        return seen > held && now - seen <= kept();
    }

    private long kept() {
        return Math.max(held - since - EXPIRY_CHECK, there - since - OPEN_LEDGER);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.MqPosition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;

/**
 * Knows of a subtask's channels when they were last seen read to their ends, so that a last message
 * that has expired isn't taken for a loss. Thread-safe.
 */
final class EndWatch {

    private static final long INTERVAL = Duration.ofMinutes(1).toMillis();

    private final Function<String, CompletableFuture<ChannelTail>> tailOf;
    private final LongSupplier clock;
    private final Map<String, SeenEnd> ends = new ConcurrentHashMap<>();
    private long nextLook = Long.MIN_VALUE;

    /**
     * Knows nothing yet.
     *
     * @param tailOf asks the broker about a channel that's held
     * @param clock epoch milliseconds
     */
    EndWatch(Function<String, CompletableFuture<ChannelTail>> tailOf, LongSupplier clock) {
        this.tailOf = tailOf;
        this.clock = clock;
    }

    /** What a checkpoint knew of a channel. */
    void restore(String channel, SeenEnd end) {
        ends.put(channel, end);
    }

    /** When nothing followed what has been read of a channel; empty if something did by now. */
    Optional<SeenEnd> of(String channel, Optional<ReadPosition> read) {
        return Optional.ofNullable(ends.get(channel))
                .filter(end -> read.equals(Optional.of(end.read())));
    }

    /** Has the broker asked, about once a minute. Used by the task's thread. */
    void look(Map<String, ReadPosition> readOf) {
        long now = clock.getAsLong();
        if (now < nextLook) {
            return;
        }
        nextLook = now + INTERVAL;
        // where it isn't answered, what was known gets old
        readOf.forEach(
                (channel, read) -> {
                    var unused = tailOf.apply(channel).thenAccept(tail -> see(channel, read, tail));
                });
    }

    private void see(String channel, ReadPosition read, ChannelTail tail) {
        long now = clock.getAsLong();
        Optional<SeenEnd> before = of(channel, Optional.of(read));
        if (tail.isReadUpTo(read)) {
            ends.put(
                    channel,
                    before.map(end -> tail.holds(read) ? end.stillHeld(now) : end.stillThere(now))
                            .orElseGet(() -> SeenEnd.first(read, now)));
        } else if (tail.last().isEmpty()) {
            before.filter(end -> end.outlasts(tail.taken(), now))
                    .ifPresent(end -> ends.put(channel, end.stillNothing(now)));
        }
    }

    /**
     * Whether nothing has been missed of a channel of which the last entry that was read is gone.
     *
     * @param first the first message behind it that the broker has; empty when it has none
     * @param tail what the broker says of the channel now
     */
    boolean missedNothing(
            String channel, ReadPosition read, Optional<MessageId> first, ChannelTail tail) {
        long now = clock.getAsLong();
        Optional<SeenEnd> end = of(channel, Optional.of(read));
        if (end.isEmpty() || !end.get().outlasts(tail.taken(), now)) {
            return false;
        }
        if (first.isPresent() && !follows(read, (MessageIdAdv) first.get(), tail.taken())) {
            return false;
        }
        ends.put(channel, end.get().stillNothing(now));
        return true;
    }

    /**
     * A message that comes next is the first of a later ledger. One that was taken from the
     * subscription, as a full quota does it, had others in front of it taken, too.
     */
    private static boolean follows(
            ReadPosition read, MessageIdAdv first, Optional<MqPosition> taken) {
        MqPosition at = new MqPosition(first.getLedgerId(), first.getEntryId());
        return at.entry() == 0
                && at.ledger() > read.ledger()
                && taken.filter(position -> position.compareTo(at) < 0).isPresent();
    }
}

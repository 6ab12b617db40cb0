// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.TopicMessageId;

/**
 * How many entries of a subtask's channels haven't been read yet, for Flink's {@code
 * pendingRecords}. Pulsar's own port tells a topic's last entry, but not how many there are in its
 * ledgers; so it's a lower bound, which lacks what was written into ledgers that were begun and
 * ended while nobody asked. Whoever asks gets what was known and has the broker asked for the next
 * time; without a question there is no cost. Thread-safe.
 */
final class PendingMessages {

    private final Function<String, CompletableFuture<List<TopicMessageId>>> lastOf;
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();

    /**
     * Follows nothing yet.
     *
     * @param lastOf asks for the last message of a channel
     */
    PendingMessages(Function<String, CompletableFuture<List<TopicMessageId>>> lastOf) {
        this.lastOf = lastOf;
    }

    /** Follows one more channel. */
    void follow(String channel, Supplier<Optional<ReadPosition>> read) {
        channels.put(channel, new Channel(read));
    }

    /** Of all channels. */
    long count() {
        long pending = 0;
        for (Map.Entry<String, Channel> channel : channels.entrySet()) {
            pending += channel.getValue().pending();
            // a failure leaves what was known; the next question may do better
            var unused = lastOf.apply(channel.getKey()).thenAccept(channel.getValue()::seen);
        }
        return pending;
    }

    /** Ledgers to the number of entries that they're known to have had. */
    private record Channel(
            Supplier<Optional<ReadPosition>> read, NavigableMap<Long, Long> entries) {

        Channel(Supplier<Optional<ReadPosition>> read) {
            this(read, new ConcurrentSkipListMap<>());
        }

        void seen(List<TopicMessageId> lastOnes) {
            for (TopicMessageId last : lastOnes) {
                MessageIdAdv id = (MessageIdAdv) last;
                if (id.getEntryId() >= 0) {
                    entries.merge(id.getLedgerId(), id.getEntryId() + 1, Math::max);
                }
            }
        }

        long pending() {
            Optional<ReadPosition> position = read.get();
            position.ifPresent(at -> entries.headMap(at.ledger(), false).clear());
            long all = entries.values().stream().mapToLong(Long::longValue).sum();
            if (position.isEmpty() || !entries.containsKey(position.get().ledger())) {
                return all;
            }
            long known = entries.get(position.get().ledger());
            return all - Math.min(known, position.get().entry() + 1);
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.e2e.queue.KafkaQueueReader;
import io.milvuscdc.e2e.queue.QueuedMessage;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Sees which ticks reach the target. */
final class TickWatch {

    private static final int LOGICAL_BITS = 18;

    private final MilvusPair pair;

    TickWatch(MilvusPair pair) {
        this.pair = pair;
    }

    /**
     * Waits for the first tick that shows what was written at a moment.
     *
     * @param moment in ms since 1970
     * @return how long after that it was written; empty when the time is up
     */
    Optional<Duration> untilVisible(long moment, Duration bound) {
        long deadline = System.nanoTime() + bound.toNanos();
        try (KafkaQueueReader queues = new KafkaQueueReader(pair.kafka().bootstrapServers())) {
            // a new target has none before its first collection
            Await.until("pchannels of the target", bound, () -> !pchannels(queues).isEmpty());
            queues.follow(pchannels(queues));
            while (System.nanoTime() < deadline) {
                for (QueuedMessage message : queues.poll()) {
                    if (shows(message, moment)) {
                        return Optional.of(Duration.ofMillis(message.appendMillis() - moment));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Waits for the first row behind a place.
     *
     * @param after of each pchannel of the target that rows may come to
     * @throws ServerException when none comes in time
     */
    void awaitRows(Map<String, MqPosition> after, Duration bound) {
        try (KafkaQueueReader queues = new KafkaQueueReader(pair.kafka().bootstrapServers())) {
            Await.until("rows at the target", bound, () -> hasRows(queues, after));
        }
    }

    private static boolean hasRows(KafkaQueueReader queues, Map<String, MqPosition> after) {
        return queues.readAfter(after).values().stream()
                .flatMap(List::stream)
                .anyMatch(QueuedMessage::hasRows);
    }

    /** Where the target's queue ends now. */
    Map<String, MqPosition> ends() {
        try (KafkaQueueReader queues = new KafkaQueueReader(pair.kafka().bootstrapServers())) {
            return queues.ends(pchannels(queues));
        }
    }

    /**
     * When the first tick was written that shows what was written at a moment.
     *
     * @param after where in the target's queue to begin
     * @param moment in ms since 1970
     * @return in ms since 1970; empty when it isn't yet
     */
    OptionalLong shownAt(Map<String, MqPosition> after, long moment) {
        List<Long> found = new ArrayList<>();
        try (KafkaQueueReader queues = new KafkaQueueReader(pair.kafka().bootstrapServers())) {
            queues.read(
                    after,
                    (message, appendMillis) -> {
                        if (shows(QueuedMessage.of(message, appendMillis), moment)) {
                            found.add(appendMillis);
                        }
                    });
        }
        return found.stream().mapToLong(Long::longValue).min();
    }

    private static boolean shows(QueuedMessage message, long moment) {
        return message.isTick() && message.timestamp() >> LOGICAL_BITS >= moment;
    }

    private Collection<String> pchannels(KafkaQueueReader queues) {
        return queues.pchannels(pair.target().options().name());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.queue.KafkaQueueReader;
import io.milvuscdc.e2e.queue.QueuedMessage;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerException;
import java.time.Duration;
import java.util.Collection;

/** Sees which ticks reach the target. */
final class TickWatch {

    private static final int LOGICAL_BITS = 18;

    private final MilvusPair pair;

    TickWatch(MilvusPair pair) {
        this.pair = pair;
    }

    /**
     * Waits for the first tick that shows what was written now.
     *
     * @return how long that took
     * @throws ServerException when the time is up
     */
    Duration untilVisible(Duration bound) {
        long now = System.currentTimeMillis();
        long deadline = System.nanoTime() + bound.toNanos();
        try (KafkaQueueReader queues = new KafkaQueueReader(pair.kafka().bootstrapServers())) {
            // a new target has none before its first collection
            Await.until("pchannels of the target", bound, () -> !pchannels(queues).isEmpty());
            queues.follow(pchannels(queues));
            while (System.nanoTime() < deadline) {
                for (QueuedMessage message : queues.poll()) {
                    if (message.isTick() && message.timestamp() >> LOGICAL_BITS >= now) {
                        return Duration.ofMillis(message.appendMillis() - now);
                    }
                }
            }
        }
        throw new ServerException(
                "the target has shown nothing new for " + bound.toSeconds() + " s");
    }

    private Collection<String> pchannels(KafkaQueueReader queues) {
        return queues.pchannels(pair.target().options().name());
    }
}

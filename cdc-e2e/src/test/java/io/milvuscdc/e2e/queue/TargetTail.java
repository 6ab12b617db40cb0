// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ServerException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Watches what arrives in the target's pchannels, to crash its sender at a chosen moment. */
public final class TargetTail implements AutoCloseable {

    private final KafkaQueueReader queues;
    private final Map<String, Long> lastTicks = new HashMap<>();
    private final Map<String, Long> lastRows = new HashMap<>();
    private long rows;
    private long windows;

    public TargetTail(String bootstrapServers, String cluster) {
        this.queues = new KafkaQueueReader(bootstrapServers);
        Collection<String> pchannels = queues.pchannels(cluster);
        queues.readAll(pchannels).values().forEach(channel -> channel.forEach(this::see));
        queues.follow(pchannels);
    }

    /** Sees what has arrived since; waits a little for something. */
    public void poll() {
        queues.poll().forEach(this::see);
    }

    private void see(QueuedMessage message) {
        if (message.hasRows()) {
            rows += message.rows();
            lastRows.merge(message.topic(), message.lastRowTs(), Math::max);
        } else if (message.isTick()
                && message.timestamp() > lastTicks.getOrDefault(message.topic(), 0L)) {
            lastTicks.put(message.topic(), message.timestamp());
            windows++;
        }
    }

    /** Rows inserted and keys deleted that have arrived so far, copies included. */
    public long rows() {
        return rows;
    }

    /** Ticks so far that were newer than all before them in their pchannel. */
    public long windows() {
        return windows;
    }

    /**
     * Returns as soon as more rows have arrived and no tick has reached the newest of them: its
     * sender hasn't committed them.
     */
    public void awaitRowsAheadOfTicks() {
        long before = rows;
        long deadline = System.nanoTime() + Await.PATIENCE.toNanos();
        while (rows == before || !hasRowsAheadOfTicks()) {
            if (System.nanoTime() > deadline) {
                throw new ServerException("waited in vain for rows ahead of the tick");
            }
            poll();
        }
    }

    private boolean hasRowsAheadOfTicks() {
        return lastRows.entrySet().stream()
                .anyMatch(last -> last.getValue() > lastTicks.getOrDefault(last.getKey(), 0L));
    }

    @Override
    public void close() {
        queues.close();
    }
}

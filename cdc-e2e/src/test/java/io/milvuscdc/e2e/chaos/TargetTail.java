// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.chaos;

import io.milvuscdc.e2e.queue.KafkaQueueReader;
import io.milvuscdc.e2e.queue.QueuedMessage;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Watches what arrives in the target's pchannels, to crash its sender at a chosen moment. */
final class TargetTail implements AutoCloseable {

    private final KafkaQueueReader queues;
    private final Map<String, Long> lastTicks = new HashMap<>();
    private long rows;
    private long windows;

    TargetTail(String bootstrapServers, String cluster) {
        this.queues = new KafkaQueueReader(bootstrapServers);
        Collection<String> pchannels = queues.pchannels(cluster);
        queues.readAll(pchannels).values().forEach(channel -> channel.forEach(this::see));
        queues.follow(pchannels);
    }

    /** Sees what has arrived since; waits a little for something. */
    void poll() {
        queues.poll().forEach(this::see);
    }

    private void see(QueuedMessage message) {
        if (message.hasRows()) {
            rows += message.rows();
        } else if (message.isTick()
                && message.timestamp() > lastTicks.getOrDefault(message.topic(), 0L)) {
            lastTicks.put(message.topic(), message.timestamp());
            windows++;
        }
    }

    /** Rows inserted and keys deleted that have arrived so far, copies included. */
    long rows() {
        return rows;
    }

    /** Ticks so far that were newer than all before them in their pchannel. */
    long windows() {
        return windows;
    }

    @Override
    public void close() {
        queues.close();
    }
}

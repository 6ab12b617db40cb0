// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.pulsar;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.PulsarServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Channels in every state in which nobody writes: a task takes one for idle when it has read up to
 * the end that the broker tells, so that a wrong end lets a time tick pass unread rows, or holds
 * all ticks back.
 */
final class QuietChannels implements AutoCloseable {

    private static final int STATES = 5;

    private final PulsarChannels channels;

    QuietChannels(PulsarServer server, String cluster) throws PulsarClientException {
        this.channels = new PulsarChannels(server, cluster);
    }

    /** In ledgers of ten messages. */
    void fill() throws Exception {
        for (int i = 0; i < STATES; i++) {
            channels.keep(channels.pchannel(i));
        }
        // 0 is never written; 1 ends in a ledger, 2 with one
        channels.write(channels.pchannel(1), 1, 13);
        channels.write(channels.pchannel(2), 1, 10);
        // of 3 everything has been removed, of 4 all but the last ledger
        channels.write(channels.pchannel(3), 1, 10);
        channels.write(channels.pchannel(4), 1, 12);
        for (int i : new int[] {3, 4}) {
            String channel = channels.pchannel(i);
            channels.clearBacklog(channel, "another");
            channels.trim(channel);
            Await.until(
                    "the full ledger of " + channel + " to be removed",
                    Await.PATIENCE,
                    () -> !channels.stats(channel, "internalStats").contains("\"entries\":10,"));
        }
    }

    void writeMore() throws Exception {
        for (int i = 0; i < STATES; i++) {
            channels.write(channels.pchannel(i), 101, 100 + i + 1);
        }
    }

    /** Waits, because the broker removes in the background, also when it comes back. */
    void awaitRightEnds() throws Exception {
        try (ChannelEnds ends = channels.channels().queue().ends(channels.channels())) {
            Await.until(
                    "the ends of quiet channels to be what a reader sees",
                    Await.PATIENCE,
                    () -> ends.ends().equals(byReading()));
        }
    }

    private Map<String, MqPosition> byReading() throws IOException {
        Map<String, MqPosition> ends = new HashMap<>();
        for (int i = 0; i < STATES; i++) {
            String channel = channels.pchannel(i);
            channels.endByReading(channel).ifPresent(end -> ends.put(channel, end));
        }
        return ends;
    }

    @Override
    public void close() throws PulsarClientException {
        channels.close();
    }
}

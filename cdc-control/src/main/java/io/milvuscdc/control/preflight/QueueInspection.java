// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.preflight;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.control.api.Finding;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Looks at the source's message queue. */
final class QueueInspection {

    private static final String CHANNELS = "channels";
    private static final String REPLICATE = "replicate_channel";
    private static final String RETENTION = "retention";
    private static final String TICKS = "ticks";
    private static final Duration LONG_ENOUGH = Duration.ofHours(24);

    /** A Milvus 2.3 to 2.5 writes a tick every 200 ms. */
    private static final long TICK_MILLIS = 1_000;

    private final SourceChannels channels;
    private final ChannelEnds broker;

    QueueInspection(SourceChannels channels, ChannelEnds broker) {
        this.channels = channels;
        this.broker = broker;
    }

    /**
     * Whether it's the queue of this source. One missing channel proves nothing: a Pulsar doesn't
     * count those from which everything was removed.
     *
     * @param live the source's collections
     */
    Finding channels(List<SourceCollection> live) throws IOException {
        Set<String> there = new TreeSet<>(broker.ends().keySet());
        there.removeIf(name -> !channels.isPchannel(name));
        Set<String> needed = new TreeSet<>();
        live.stream().map(SourceCollection::pchannels).forEach(needed::addAll);
        if (there.isEmpty() && !needed.isEmpty()) {
            return Finding.broken(
                    CHANNELS,
                    "collections of the source write to %s, and %s has none of them"
                            .formatted(needed, channels.queue()),
                    "is this the message queue of this source? Compare with mq.type and its"
                            + " address in milvus.yaml");
        }
        return there.isEmpty()
                ? Finding.advice(
                        CHANNELS,
                        "%s has no %s_* yet".formatted(channels.queue(), channels.pchannelPrefix()),
                        "right for a source that never had a collection; else compare"
                                + " replication.channelPrefix with chanNamePrefix in milvus.yaml")
                : Finding.well(
                        CHANNELS,
                        "%d pchannels %s_*".formatted(there.size(), channels.pchannelPrefix()));
    }

    /** Whether it's there under the name that's configured. */
    Finding replicateChannel() throws IOException {
        String name = channels.replicateChannel();
        return broker.ends().containsKey(name)
                ? Finding.well(REPLICATE, name + " is there")
                : Finding.advice(
                        REPLICATE,
                        name + " isn't there yet; Milvus makes it with its first message",
                        "if databases were made or collections flushed at the source since it's"
                                + " up, compare sourceConfig.replicateChan with"
                                + " chanNamePrefix.replicateMsg in milvus.yaml");
    }

    /** Whether a task may be down for a day. */
    Finding retention() throws IOException {
        Optional<Duration> retention = broker.retention();
        if (retention.isEmpty()) {
            return Finding.well(
                    RETENTION,
                    "what the task hasn't read isn't removed by time (on Pulsar: unless its"
                            + " namespace has a message TTL or lets subscriptions expire)");
        }
        String detail = "the broker removes after " + inWords(retention.get());
        return retention.get().compareTo(LONG_ENOUGH) < 0
                ? Finding.advice(
                        RETENTION,
                        detail
                                + ", read or not: a task that is paused or down for longer loses"
                                + " data, and stops with a reason",
                        "raise retention.ms of the source's topics above the longest pause")
                : Finding.well(RETENTION, detail);
    }

    private static String inWords(Duration time) {
        return time.toHours() > 0 ? time.toHours() + " h" : time.toSeconds() + " s";
    }

    /** Whether the source goes on writing ticks, without which nothing becomes visible. */
    Finding ticks(Clocks clocks) throws IOException, InterruptedException {
        Map<String, MqPosition> ends = broker.ends();
        TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        for (Map.Entry<String, MqPosition> end : ends.entrySet()) {
            if (!channels.isPchannel(end.getKey())) {
                continue;
            }
            OptionalLong tick = broker.tickFrom(end.getKey(), end.getValue());
            if (tick.isPresent()) {
                long now = System.currentTimeMillis();
                // it was written while this waited
                clocks.ofSource(Tso.physicalMillis(tick.getAsLong()), now - TICK_MILLIS, now);
                return Finding.well(TICKS, "the source writes time ticks on " + end.getKey());
            }
        }
        return Finding.advice(
                TICKS,
                "no time tick has come for %d ms".formatted(TICK_MILLIS),
                "right for a source without collections; else, is it up? Rows become visible at"
                        + " the target with its ticks");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.source.SourceChannels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Counter;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.api.TopicMessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task's durable subscriptions: nothing is read through them, they keep the broker from
 * removing what the task hasn't read yet. Each is one message behind what was read at the last
 * complete checkpoint, because a restore must see that message again to know that nothing is
 * missing after it. Thread-safe.
 */
final class Backlog {

    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

    /** How often a subscription is to be removed while another consumer of it is leaving. */
    private static final int TRIES = 6;

    private static final Executor AFTER_FAILOVER =
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final PulsarConnection connection;
    private final String subscription;
    private final Counter moved;
    private final Counter failed;
    private final Map<String, Consumer<byte[]>> held = new ConcurrentHashMap<>();

    /**
     * Holds nothing yet.
     *
     * @param moved counts positions that the broker has taken
     * @param failed counts those that it hasn't
     */
    Backlog(PulsarConnection connection, String subscription, Counter moved, Counter failed) {
        this.connection = connection;
        this.subscription = subscription;
        this.moved = moved;
        this.failed = failed;
    }

    /** From now on the broker keeps what comes into the channel, and what it still has of it. */
    CompletableFuture<Void> hold(String channel) {
        return subscribe(connection, channel, subscription)
                .thenAccept(consumer -> held.put(channel, consumer));
    }

    /** A checkpoint is complete, or restored, up to here. */
    void passed(String channel, ReadPosition read) {
        Consumer<byte[]> consumer = held.get(channel);
        if (consumer == null || read.entryBefore().isEmpty()) {
            return;
        }
        MessageId upTo = read.entryBefore().get();
        // nobody waits for it
        var unused =
                consumer.acknowledgeCumulativeAsync(upTo)
                        .whenComplete(
                                (done, failure) -> {
                                    if (failure == null) {
                                        moved.inc();
                                        return;
                                    }
                                    // the next checkpoint moves it further; until then more is kept
                                    failed.inc();
                                    LOG.debug(
                                            "{} of {} didn't move", subscription, channel, failure);
                                });
    }

    /** The last message of a channel that's held; nothing of one that isn't yet. */
    CompletableFuture<List<TopicMessageId>> last(String channel) {
        Consumer<byte[]> consumer = held.get(channel);
        return consumer == null
                ? CompletableFuture.completedFuture(List.of())
                : consumer.getLastMessageIdsAsync();
    }

    /** What the broker says of a channel that's held; of one that isn't yet, nothing is told. */
    CompletableFuture<ChannelTail> tail(String channel) {
        Consumer<byte[]> consumer = held.get(channel);
        return consumer == null
                ? CompletableFuture.failedFuture(
                        new IllegalStateException("channel " + channel + " isn't held yet"))
                : ChannelTail.ask(consumer);
    }

    /** Makes a subscription on every channel that exists. */
    static void make(PulsarConnection connection, SourceChannels channels, String subscription)
            throws IOException {
        List<CompletableFuture<Void>> made = new ArrayList<>();
        for (String channel : connection.channels(channels)) {
            made.add(
                    subscribe(connection, channel, subscription).thenCompose(Consumer::closeAsync));
        }
        connection.await(
                "make subscription " + subscription,
                CompletableFuture.allOf(made.toArray(CompletableFuture<?>[]::new)));
    }

    /** Removes a subscription from every channel that exists. */
    static void remove(PulsarConnection connection, SourceChannels channels, String subscription)
            throws IOException {
        List<CompletableFuture<Void>> removals = new ArrayList<>();
        for (String channel : connection.channels(channels)) {
            removals.add(
                    subscribe(connection, channel, subscription)
                            .thenCompose(consumer -> unsubscribe(consumer, TRIES)));
        }
        connection.await(
                "remove subscription " + subscription,
                CompletableFuture.allOf(removals.toArray(CompletableFuture<?>[]::new)));
    }

    /**
     * A broker lets only the active consumer of a failover subscription remove it, and makes
     * another one active a second after the last has gone (Pulsar 3.0.7 and 4.0.7: {@code
     * activeConsumerFailoverDelayTimeMillis}): that of a job which has ended is in the way that
     * long. Removed by force, it would connect again and make the subscription anew (4.0.7), so
     * force is the last try.
     */
    private static CompletableFuture<Void> unsubscribe(Consumer<byte[]> consumer, int tries) {
        if (tries <= 1) {
            return consumer.unsubscribeAsync(true);
        }
        return consumer.unsubscribeAsync(false)
                .exceptionallyCompose(
                        failure ->
                                CompletableFuture.supplyAsync(() -> consumer, AFTER_FAILOVER)
                                        .thenCompose(again -> unsubscribe(again, tries - 1)));
    }

    private static CompletableFuture<Consumer<byte[]>> subscribe(
            PulsarConnection connection, String channel, String subscription) {
        return connection
                .client()
                .newConsumer()
                .topic(connection.queue().topic(channel))
                .subscriptionName(subscription)
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                // not exclusive: the broker may not have noticed yet that the last owner is gone
                .subscriptionType(SubscriptionType.Failover)
                .receiverQueueSize(1)
                .startPaused(true)
                .acknowledgmentGroupTime(0, TimeUnit.MILLISECONDS)
                .isAckReceiptEnabled(true)
                .subscribeAsync();
    }
}

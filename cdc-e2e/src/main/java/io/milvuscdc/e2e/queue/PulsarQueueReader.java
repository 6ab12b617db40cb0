// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.e2e.servers.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.common.api.proto.CommandGetTopicsOfNamespace;
import org.apache.pulsar.common.naming.NamespaceName;
import org.apache.pulsar.common.naming.TopicName;

/**
 * Reads a Milvus' pchannels from a Pulsar by plain readers, without a subscription that stays. The
 * broker must keep all messages; what it has removed is left out unseen.
 */
final class PulsarQueueReader implements QueueReader {

    private static final Duration BOUND = Await.PATIENCE;

    private final PulsarQueue queue;
    private final PulsarClient client;

    PulsarQueueReader(PulsarQueue queue) {
        this.queue = queue;
        try {
            this.client = PulsarClient.builder().serviceUrl(queue.serviceUrl()).build();
        } catch (PulsarClientException e) {
            throw new QueueReadException("no client of " + queue, e);
        }
    }

    @Override
    public Collection<String> pchannels(String cluster) {
        // only the lookup service answers this without the admin API
        return await(
                        "list the topics",
                        ((PulsarClientImpl) client)
                                .getLookup()
                                .getTopicsUnderNamespace(
                                        NamespaceName.get(queue.tenant(), queue.namespace()),
                                        CommandGetTopicsOfNamespace.Mode.PERSISTENT,
                                        null,
                                        null))
                .getTopics()
                .stream()
                .map(topic -> TopicName.get(topic).getLocalName())
                .filter(topic -> topic.matches(cluster + "-rootcoord-dml_\\d+"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public SortedMap<String, List<QueuedMessage>> readAll(Collection<String> topics) {
        SortedMap<String, List<QueuedMessage>> all = new TreeMap<>();
        long deadline = System.nanoTime() + BOUND.toNanos();
        for (String topic : topics) {
            all.put(topic, read(topic, deadline));
        }
        return all;
    }

    private List<QueuedMessage> read(String topic, long deadline) {
        List<QueuedMessage> messages = new ArrayList<>();
        try (Reader<byte[]> reader =
                client.newReader()
                        .topic(
                                "persistent://"
                                        + queue.tenant()
                                        + "/"
                                        + queue.namespace()
                                        + "/"
                                        + topic)
                        .startMessageId(MessageId.earliest)
                        .create()) {
            // a lower bound: after a restart of the broker it may name a ledger without entries
            MqPosition last = position(reader.getLastMessageIds().get(0));
            while (reader.hasMessageAvailable()) {
                Message<byte[]> message = reader.readNext(1, TimeUnit.SECONDS);
                if (System.nanoTime() > deadline) {
                    throw new QueueReadException(
                            "cannot read " + topic + " to its end " + last + " in time");
                }
                if (message != null) {
                    MqPosition position = position(message.getMessageId());
                    messages.add(
                            QueuedMessage.of(
                                    MessageDecoder.decode(topic, position, message.getData()),
                                    message.getPublishTime()));
                    if (position.compareTo(last) >= 0) {
                        break;
                    }
                }
            }
            return messages;
        } catch (PulsarClientException e) {
            throw new QueueReadException("cannot read " + topic + " of " + queue, e);
        } catch (java.io.IOException e) {
            throw new QueueReadException("cannot close a reader of " + topic, e);
        }
    }

    private static MqPosition position(MessageId id) {
        MessageIdAdv place = (MessageIdAdv) id;
        return new MqPosition(place.getLedgerId(), place.getEntryId());
    }

    private <T> T await(String what, CompletableFuture<T> answer) {
        try {
            return answer.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new QueueReadException("cannot " + what + " of " + queue, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueueReadException("interrupted while reading " + queue, e);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (PulsarClientException e) {
            throw new QueueReadException("cannot close the client of " + queue, e);
        }
    }
}

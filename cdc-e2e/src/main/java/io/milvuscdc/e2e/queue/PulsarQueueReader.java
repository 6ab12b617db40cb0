// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.e2e.servers.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.impl.MessageIdImpl;
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
    public Collection<String> topics() {
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
                .toList();
    }

    @Override
    public SortedMap<String, MqPosition> starts(Collection<String> topics) {
        SortedMap<String, MqPosition> starts = new TreeMap<>();
        topics.forEach(topic -> starts.put(topic, position(MessageId.earliest)));
        return starts;
    }

    @Override
    public SortedMap<String, MqPosition> ends(Collection<String> topics) {
        SortedMap<String, MqPosition> ends = new TreeMap<>();
        for (String topic : topics) {
            try (Reader<byte[]> reader = reader(topic, MessageId.latest)) {
                ends.put(topic, position(reader.getLastMessageIds().get(0)));
            } catch (IOException e) {
                throw new QueueReadException("cannot read the end of " + topic, e);
            }
        }
        return ends;
    }

    @Override
    public void read(Map<String, MqPosition> after, Visitor visitor) {
        long deadline = System.nanoTime() + BOUND.toNanos();
        after.forEach((topic, place) -> read(topic, place, visitor, deadline));
    }

    private void read(String topic, MqPosition after, Visitor visitor, long deadline) {
        // of a message id, a reader that begins there gets what follows it
        MessageId start = new MessageIdImpl(after.ledger(), after.entry(), -1);
        try (Reader<byte[]> reader = reader(topic, start)) {
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
                    visitor.visit(
                            MessageDecoder.decode(topic, position, message.getData()),
                            message.getPublishTime());
                    if (position.compareTo(last) >= 0) {
                        break;
                    }
                }
            }
        } catch (PulsarClientException e) {
            throw new QueueReadException("cannot read " + topic + " of " + queue, e);
        } catch (IOException e) {
            throw new QueueReadException("cannot close a reader of " + topic, e);
        }
    }

    private Reader<byte[]> reader(String topic, MessageId start) throws PulsarClientException {
        return client.newReader()
                .topic("persistent://" + queue.tenant() + "/" + queue.namespace() + "/" + topic)
                .startMessageId(start)
                .create();
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

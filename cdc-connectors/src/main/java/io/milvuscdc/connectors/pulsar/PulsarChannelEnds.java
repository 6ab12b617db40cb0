// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.SourceChannels;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.TopicMessageId;
import org.apache.pulsar.client.impl.MessageIdImpl;

/**
 * {@link ChannelEnds} by a reader per channel that reads nothing and holds nothing. The end of a
 * channel whose last message is {@code ledger:entry} is {@code ledger:entry + 1}: whoever has read
 * that message is at the end, and whoever hasn't is before it, in whichever ledger the next message
 * will be. A channel without a message isn't in the answer: all that it will ever have is new.
 */
final class PulsarChannelEnds implements ChannelEnds {

    private final PulsarConnection connection;
    private final SourceChannels channels;
    private final Map<String, Reader<byte[]>> readers = new HashMap<>();

    private PulsarChannelEnds(PulsarConnection connection, SourceChannels channels) {
        this.connection = connection;
        this.channels = channels;
    }

    static PulsarChannelEnds open(PulsarQueue queue, SourceChannels channels) throws IOException {
        return new PulsarChannelEnds(PulsarConnection.open(queue), channels);
    }

    @Override
    public Map<String, MqPosition> ends() throws IOException {
        Map<String, CompletableFuture<List<TopicMessageId>>> asked = new HashMap<>();
        for (Map.Entry<String, Reader<byte[]>> reader : readers().entrySet()) {
            asked.put(reader.getKey(), reader.getValue().getLastMessageIdsAsync());
        }
        Map<String, MqPosition> ends = new HashMap<>();
        for (Map.Entry<String, CompletableFuture<List<TopicMessageId>>> question :
                asked.entrySet()) {
            String channel = question.getKey();
            for (TopicMessageId last :
                    connection.await(
                            "ask for the end of channel " + channel, question.getValue())) {
                MessageIdAdv id = (MessageIdAdv) last;
                if (id.getEntryId() >= 0) {
                    ends.put(channel, new MqPosition(id.getLedgerId(), id.getEntryId() + 1));
                }
            }
        }
        return ends;
    }

    private Map<String, Reader<byte[]>> readers() throws IOException {
        Map<String, CompletableFuture<Reader<byte[]>>> opening = new HashMap<>();
        for (String channel : connection.channels(channels)) {
            if (!readers.containsKey(channel)) {
                opening.put(channel, open(channel, MessageId.latest));
            }
        }
        for (Map.Entry<String, CompletableFuture<Reader<byte[]>>> opened : opening.entrySet()) {
            readers.put(
                    opened.getKey(),
                    connection.await("open channel " + opened.getKey(), opened.getValue()));
        }
        return readers;
    }

    private CompletableFuture<Reader<byte[]>> open(String channel, MessageId at) {
        return connection
                .client()
                .newReader()
                .topic(connection.queue().topic(channel))
                .startMessageId(at)
                .receiverQueueSize(1)
                .createAsync();
    }

    @Override
    public Map<String, MqPosition> begins() throws IOException {
        Map<String, MqPosition> begins = new HashMap<>(ends());
        Map<String, CompletableFuture<Optional<MqPosition>>> asked = new HashMap<>();
        for (String channel : begins.keySet()) {
            asked.put(channel, open(channel, MessageId.earliest).thenCompose(this::first));
        }
        for (Map.Entry<String, CompletableFuture<Optional<MqPosition>>> question :
                asked.entrySet()) {
            String channel = question.getKey();
            connection
                    .await("read the first message of channel " + channel, question.getValue())
                    .ifPresent(first -> begins.put(channel, first));
        }
        return begins;
    }

    private CompletableFuture<Optional<MqPosition>> first(Reader<byte[]> reader) {
        return reader.hasMessageAvailableAsync()
                .thenCompose(
                        any ->
                                any
                                        ? reader.readNextAsync().thenApply(Optional::of)
                                        : CompletableFuture.completedFuture(
                                                Optional.<Message<byte[]>>empty()))
                .thenApply(message -> message.map(PulsarChannelEnds::position))
                .whenComplete(
                        (position, failure) -> {
                            var unused = reader.closeAsync();
                        });
    }

    private static MqPosition position(Message<byte[]> message) {
        MessageIdAdv id = (MessageIdAdv) message.getMessageId();
        return new MqPosition(id.getLedgerId(), id.getEntryId());
    }

    @Override
    public OptionalLong tickFrom(String pchannel, MqPosition from) throws IOException {
        Reader<byte[]> reader =
                connection.await(
                        "open channel " + pchannel,
                        connection
                                .client()
                                .newReader()
                                .topic(connection.queue().topic(pchannel))
                                .startMessageId(new MessageIdImpl(from.ledger(), from.entry(), -1))
                                .startMessageIdInclusive()
                                .createAsync());
        try {
            String what = "read channel " + pchannel;
            while (connection.await(what, reader.hasMessageAvailableAsync())) {
                Message<byte[]> next = connection.await(what, reader.readNextAsync());
                ChannelMessage message =
                        MessageDecoder.decode(pchannel, position(next), next.getData());
                if (message.type() == MsgType.TimeTick_VALUE) {
                    return OptionalLong.of(message.timestamp());
                }
            }
            return OptionalLong.empty();
        } finally {
            connection.await("close a reader of channel " + pchannel, reader.closeAsync());
        }
    }

    /**
     * A task's subscription keeps it, unless the namespace has a message TTL or lets subscriptions
     * expire; a client isn't told.
     */
    @Override
    public Optional<Duration> retention() {
        return Optional.empty();
    }

    @Override
    public void close() {
        connection.close();
    }
}

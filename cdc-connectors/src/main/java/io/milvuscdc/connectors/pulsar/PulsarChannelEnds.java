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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
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

    private static final int FIRST_SENT_SECONDS = 5;

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
        Map<String, MqPosition> begins = new HashMap<>();
        for (Map.Entry<String, MqPosition> end : ends().entrySet()) {
            begins.put(end.getKey(), begin(end.getKey(), end.getValue()));
        }
        return begins;
    }

    private MqPosition begin(String channel, MqPosition end) throws IOException {
        Reader<byte[]> reader =
                connection.await("open channel " + channel, open(channel, MessageId.earliest));
        try {
            Message<byte[]> first = reader.readNext(FIRST_SENT_SECONDS, TimeUnit.SECONDS);
            if (first == null) {
                return end;
            }
            MessageIdAdv id = (MessageIdAdv) first.getMessageId();
            return new MqPosition(id.getLedgerId(), id.getEntryId());
        } catch (PulsarClientException e) {
            throw connection.failed("read the first message of channel " + channel, e);
        } finally {
            connection.await("close a reader of channel " + channel, reader.closeAsync());
        }
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
            while (connection.await(
                    "ask for more of channel " + pchannel, reader.hasMessageAvailableAsync())) {
                Message<byte[]> next = reader.readNext(FIRST_SENT_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new IOException(
                            "Channel "
                                    + pchannel
                                    + " of "
                                    + connection.queue()
                                    + " sent no message within "
                                    + FIRST_SENT_SECONDS
                                    + " s, though it has more: is the broker slow? Try again");
                }
                MessageIdAdv id = (MessageIdAdv) next.getMessageId();
                ChannelMessage message =
                        MessageDecoder.decode(
                                pchannel,
                                new MqPosition(id.getLedgerId(), id.getEntryId()),
                                next.getData());
                if (message.type() == MsgType.TimeTick_VALUE) {
                    return OptionalLong.of(message.timestamp());
                }
            }
            return OptionalLong.empty();
        } catch (PulsarClientException e) {
            throw connection.failed("read channel " + pchannel, e);
        } finally {
            connection.await("close a reader of channel " + pchannel, reader.closeAsync());
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}

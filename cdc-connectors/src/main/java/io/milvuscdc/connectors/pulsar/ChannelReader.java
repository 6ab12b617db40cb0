// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.source.SourceException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one channel, each message once and none left out. Pulsar goes on elsewhere in silence when
 * a position has been removed; so the last entry that was read is asked for again where a removal
 * could pass unnoticed: when reading begins, and when it goes from one ledger to another. Ledgers
 * are removed oldest first, so while that entry is there, so is everything after it. One that isn't
 * is no loss if it was the channel's last for long enough. Used by one thread.
 */
final class ChannelReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelReader.class);

    /** A broker that still has a message sends it within milliseconds. */
    private static final int SURELY_SENT_SECONDS = 5;

    private final PulsarConnection connection;
    private final Backlog backlog;
    private final EndWatch ends;
    private final String channel;
    private final CompletableFuture<Reader<byte[]>> opening;
    private Reader<byte[]> reader;
    private Optional<ReadPosition> read;
    // asked for in advance; null while what the client has fetched is enough
    private CompletableFuture<Message<byte[]>> next;
    // what is behind an entry that has expired, and known to follow it
    private boolean followsExpired;
    private boolean announced;
    private boolean paused;

    /**
     * Begins to open it.
     *
     * @param backlog holds the channel
     * @param ahead how many messages are fetched ahead; the broker sends the next half when one
     *     half is taken
     */
    ChannelReader(
            PulsarConnection connection,
            Backlog backlog,
            EndWatch ends,
            PulsarSplit split,
            int ahead) {
        this.connection = connection;
        this.backlog = backlog;
        this.ends = ends;
        this.channel = split.channel();
        this.read = split.read();
        this.opening = open(read.map(ReadPosition::entryId).orElse(MessageId.earliest), ahead);
    }

    private CompletableFuture<Reader<byte[]>> open(MessageId from, int queueSize) {
        return connection
                .client()
                .newReader()
                .topic(connection.queue().topic(channel))
                .startMessageId(from)
                .startMessageIdInclusive()
                .receiverQueueSize(queueSize)
                .createAsync();
    }

    /**
     * Waits until it is open, and makes sure that nothing is missing behind what was read.
     *
     * @throws SourceException when something may be
     */
    void awaitOpen() throws IOException {
        reader = connection.await("open channel " + channel, opening);
        if (read.isPresent()) {
            Optional<Message<byte[]>> first = requireHeld(reader, read.get());
            next = first.map(CompletableFuture::completedFuture).orElse(null);
            followsExpired = first.isPresent() && !read.get().isOfEntry(first.get().getMessageId());
        }
    }

    /**
     * The first message of a reader that was opened at an entry: of that entry or, where that is
     * gone and nothing else is, of the one behind it; empty when there's none any more.
     */
    private Optional<Message<byte[]>> requireHeld(Reader<byte[]> at, ReadPosition wanted)
            throws IOException {
        Optional<Message<byte[]>> first = first(at, wanted);
        if (first.isPresent() && wanted.isOfEntry(first.get().getMessageId())) {
            return first;
        }
        Optional<MessageId> id = first.map(Message::getMessageId);
        ChannelTail tail =
                connection.await("ask for the end of channel " + channel, backlog.tail(channel));
        if (!ends.missedNothing(channel, wanted, id, tail)) {
            throw gone(wanted, id);
        }
        LOG.info(
                "Channel {}: {}, the last message that was read, has expired; nothing had followed it, so reading goes on with {}",
                channel,
                wanted.position().describe(),
                id.map(ChannelReader::describe).orElse("what comes next"));
        return first;
    }

    private Optional<Message<byte[]>> first(Reader<byte[]> at, ReadPosition wanted)
            throws IOException {
        try {
            // where nothing may be there, no time is spent on waiting for it
            boolean mayBeNone = ends.of(channel, Optional.of(wanted)).isPresent();
            if (mayBeNone && !at.hasMessageAvailable()) {
                return Optional.empty();
            }
            Message<byte[]> first = at.readNext(SURELY_SENT_SECONDS, TimeUnit.SECONDS);
            if (first == null && !at.hasMessageAvailable()) {
                return Optional.empty();
            }
            if (first == null) {
                first = at.readNext((int) PulsarConnection.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            }
            if (first == null) {
                throw new IOException(
                        "Channel "
                                + channel
                                + " has messages from "
                                + wanted.position().describe()
                                + " on, but "
                                + connection.queue()
                                + " doesn't send them");
            }
            return Optional.of(first);
        } catch (PulsarClientException e) {
            throw connection.failed("read channel " + channel, e);
        }
    }

    private static String describe(MessageId id) {
        MessageIdAdv adv = (MessageIdAdv) id;
        return adv.getLedgerId() + ":" + adv.getEntryId();
    }

    private SourceException gone(ReadPosition wanted, Optional<MessageId> first) {
        String instead =
                first.map(id -> "its first one from there on is " + describe(id))
                        .orElse("it has nothing from there on");
        return new SourceException(
                "The source's broker ("
                        + connection.queue()
                        + ") no longer has the position to read on from: channel "
                        + channel
                        + " "
                        + wanted.position().describe()
                        + "; "
                        + instead
                        + ". Unread changes are lost to this task (retention or TTL too short, the"
                        + " task's subscription or its backlog was removed, or the topic was made"
                        + " anew)."
                        + " Delete the task, copy the data by a backup, and create the task again.",
                null);
    }

    /**
     * The next message if it is here already, else null.
     *
     * @throws SourceException when messages in front of it may be missing
     */
    Message<byte[]> poll() throws IOException {
        while (!paused) {
            Message<byte[]> message = take();
            if (message == null) {
                return null;
            }
            if (read.isPresent() && !read.get().isBefore(message.getMessageId())) {
                // the entry that was asked for again, or what a lost connection brought twice
                continue;
            }
            if (read.isPresent() && isOfLaterLedger(message.getMessageId()) && !followsExpired) {
                requireHeld(read.get());
            }
            followsExpired = false;
            read = Optional.of(ReadPosition.after(message.getMessageId()));
            return message;
        }
        return null;
    }

    private Message<byte[]> take() throws IOException {
        if (next == null) {
            try {
                // not readNextAsync: that goes through another thread with every message
                return reader.readNext(0, TimeUnit.MILLISECONDS);
            } catch (PulsarClientException e) {
                throw connection.failed("read channel " + channel, e);
            }
        }
        if (!next.isDone()) {
            return null;
        }
        Message<byte[]> message = connection.await("read channel " + channel, next);
        next = null;
        announced = false;
        return message;
    }

    private boolean isOfLaterLedger(MessageId message) {
        return ((MessageIdAdv) message).getLedgerId() > read.orElseThrow().ledger();
    }

    private void requireHeld(ReadPosition last) throws IOException {
        Reader<byte[]> again =
                connection.await("look back in channel " + channel, open(last.entryId(), 1));
        try {
            var unused = requireHeld(again, last);
        } finally {
            connection.await("close a reader of channel " + channel, again.closeAsync());
        }
    }

    /** Runs {@code signal} once when {@link #poll} has something again. */
    void announce(Runnable signal) {
        if (!announced && !paused) {
            announced = true;
            if (next == null) {
                next = reader.readNextAsync();
            }
            var unused = next.whenComplete((message, failure) -> signal.run());
        }
    }

    /** While paused, {@link #poll} gives nothing; the broker stops when the queue here is full. */
    void pause(boolean now) {
        paused = now;
        announced = false;
    }

    @Override
    public void close() {
        // without waiting: the broker may not be there, and the connection is shut down next
        var unused =
                opening.thenAccept(opened -> opened.closeAsync().exceptionally(failure -> null));
    }
}

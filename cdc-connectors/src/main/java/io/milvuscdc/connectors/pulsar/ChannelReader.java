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

/**
 * Reads one channel, each message once and none left out. Pulsar goes on elsewhere in silence when
 * a position has been removed; so the last entry that was read is asked for again where a removal
 * could pass unnoticed: when reading begins, and when it goes from one ledger to another. Ledgers
 * are removed oldest first, so while that entry is there, so is everything after it. Used by one
 * thread.
 */
final class ChannelReader implements AutoCloseable {

    /** A broker that still has a message sends it within milliseconds. */
    private static final int SURELY_SENT_SECONDS = 5;

    private final PulsarConnection connection;
    private final String channel;
    private final CompletableFuture<Reader<byte[]>> opening;
    private Reader<byte[]> reader;
    private Optional<ReadPosition> read;
    // asked for in advance; null while what the client has fetched is enough
    private CompletableFuture<Message<byte[]>> next;
    private boolean announced;
    private boolean paused;

    /**
     * Begins to open it.
     *
     * @param ahead how many messages are fetched ahead; the broker sends the next half when one
     *     half is taken
     */
    ChannelReader(PulsarConnection connection, PulsarSplit split, int ahead) {
        this.connection = connection;
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
            next = CompletableFuture.completedFuture(entryOf(reader, read.get()));
        }
    }

    /** The first message of a reader that was opened at an entry, which must be of that entry. */
    private Message<byte[]> entryOf(Reader<byte[]> at, ReadPosition wanted) throws IOException {
        try {
            Message<byte[]> first = at.readNext(SURELY_SENT_SECONDS, TimeUnit.SECONDS);
            if (first == null && !at.hasMessageAvailable()) {
                throw gone(wanted, "it has nothing from there on");
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
            if (!wanted.isOfEntry(first.getMessageId())) {
                MessageIdAdv id = (MessageIdAdv) first.getMessageId();
                throw gone(
                        wanted,
                        "its first one from there on is "
                                + id.getLedgerId()
                                + ":"
                                + id.getEntryId());
            }
            return first;
        } catch (PulsarClientException e) {
            throw connection.failed("read channel " + channel, e);
        }
    }

    private SourceException gone(ReadPosition wanted, String instead) {
        return new SourceException(
                "The source's broker ("
                        + connection.queue()
                        + ") no longer has the position to read on from: channel "
                        + channel
                        + " "
                        + wanted.position().describe()
                        + "; "
                        + instead
                        + ". Unread changes are lost to this task (retention too short, the task's"
                        + " subscription or its backlog was removed, or the topic was made anew)."
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
            if (read.isPresent() && isOfLaterLedger(message.getMessageId())) {
                requireHeld(read.get());
            }
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
            entryOf(again, last);
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

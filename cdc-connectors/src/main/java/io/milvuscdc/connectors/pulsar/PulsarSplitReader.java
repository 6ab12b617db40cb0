// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.pulsar.client.api.Message;

/**
 * Reads all channels of a task's subtask. Pulsar's client fetches ahead by itself; here its
 * messages are taken as they come, round the channels. Used by the fetcher's thread, but for {@link
 * #wakeUp}.
 */
final class PulsarSplitReader implements SplitReader<Message<byte[]>, PulsarSplit> {

    /**
     * That Pulsar's client holds for all channels of a reader, paused ones too. It counts messages
     * only, holds them on the heap, and its own limit of memory isn't for readers.
     */
    private static final int MESSAGES_AHEAD = 256;

    /** Of any one channel. */
    private static final int LEAST_AHEAD = 4;

    /** As much as one channel alone has use for. */
    private static final int MOST_AHEAD = 128;

    private final PulsarConnection connection;
    private final Backlog backlog;
    private final EndWatch ends;
    private final Map<String, ChannelReader> readers = new LinkedHashMap<>();
    private final Turns<Message<byte[]>> turns = new Turns<>(Message::size);
    private final Semaphore something = new Semaphore(0);

    PulsarSplitReader(PulsarConnection connection, Backlog backlog, EndWatch ends) {
        this.connection = connection;
        this.backlog = backlog;
        this.ends = ends;
    }

    @Override
    public RecordsWithSplitIds<Message<byte[]>> fetch() throws IOException {
        RecordsBySplits.Builder<Message<byte[]>> taken = new RecordsBySplits.Builder<>();
        if (turns.take(taken::add)) {
            return taken.build();
        }
        readers.values().forEach(reader -> reader.announce(something::release));
        try {
            something.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return taken.build();
        }
        something.drainPermits();
        turns.take(taken::add);
        return taken.build();
    }

    @Override
    public void handleSplitsChanges(SplitsChange<PulsarSplit> change) {
        if (!(change instanceof SplitsAddition<PulsarSplit>)) {
            throw new UnsupportedOperationException("a channel is never taken away: " + change);
        }
        try {
            add(change.splits());
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private void add(List<PulsarSplit> splits) throws IOException {
        List<CompletableFuture<Void>> holds = new ArrayList<>();
        for (PulsarSplit split : splits) {
            holds.add(backlog.hold(split.channel()));
        }
        // first held, then looked for: what is found then stays
        connection.await(
                "hold the backlog",
                CompletableFuture.allOf(holds.toArray(CompletableFuture<?>[]::new)));
        int channels = readers.size() + splits.size();
        for (PulsarSplit split : splits) {
            readers.put(
                    split.splitId(),
                    new ChannelReader(connection, backlog, ends, split, messagesAhead(channels)));
        }
        for (PulsarSplit split : splits) {
            ChannelReader reader = readers.get(split.splitId());
            reader.awaitOpen();
            turns.add(split.splitId(), reader::poll);
            split.read().ifPresent(read -> backlog.passed(split.channel(), read));
        }
    }

    /** How many messages of each of so many channels are fetched ahead. */
    static int messagesAhead(int channels) {
        return Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, MESSAGES_AHEAD / channels));
    }

    @Override
    public void pauseOrResumeSplits(
            Collection<PulsarSplit> splitsToPause, Collection<PulsarSplit> splitsToResume) {
        splitsToPause.forEach(split -> readers.get(split.splitId()).pause(true));
        splitsToResume.forEach(split -> readers.get(split.splitId()).pause(false));
    }

    @Override
    public void wakeUp() {
        something.release();
    }

    @Override
    public void close() {
        readers.values().forEach(ChannelReader::close);
    }
}

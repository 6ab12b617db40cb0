// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.source.SourceException;
import io.milvuscdc.connectors.source.TickReporter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.ExceptionUtils;
import org.apache.pulsar.client.api.Message;

/**
 * A subtask's reader: keeps what each checkpoint has read until it's complete, and only then lets
 * the task's subscriptions go on. Used by the task's thread.
 */
final class PulsarSourceReader
        extends SingleThreadMultiplexSourceReaderBase<
                Message<byte[]>, ChannelMessage, PulsarSplit, PulsarSplitState> {

    private final PulsarConnection connection;
    private final Backlog backlog;
    private final EndWatch ends;
    private final PendingMessages unread;
    private final TreeMap<Long, Map<String, ReadPosition>> pending = new TreeMap<>();
    private final Map<String, ReadPosition> passed = new HashMap<>();

    PulsarSourceReader(
            PulsarConnection connection,
            Backlog backlog,
            EndWatch ends,
            TickReporter ticks,
            SourceReaderContext context) {
        super(
                () -> new PulsarSplitReader(connection, backlog, ends),
                new PulsarEmitter(
                        context.metricGroup().getIOMetricGroup().getNumBytesInCounter(), ticks),
                context.getConfiguration(),
                context);
        this.connection = connection;
        this.backlog = backlog;
        this.ends = ends;
        this.unread = new PendingMessages(backlog::last);
        context.metricGroup().setPendingRecordsGauge(unread::count);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<ChannelMessage> output) throws Exception {
        try {
            return super.pollNext(output);
        } catch (Exception e) {
            // the one that says what to do, out of what the fetcher has wrapped it in
            Optional<SourceException> inWords =
                    ExceptionUtils.findThrowable(e, SourceException.class);
            throw inWords.isPresent() ? inWords.get() : e;
        }
    }

    @Override
    protected PulsarSplitState initializedState(PulsarSplit split) {
        PulsarSplitState state = new PulsarSplitState(split);
        split.end().ifPresent(end -> ends.restore(split.channel(), end));
        unread.follow(split.channel(), state::read);
        MetricGroup group =
                context.metricGroup()
                        .addGroup("PulsarSourceReader")
                        .addGroup("topic", split.channel());
        group.gauge("currentLedger", () -> state.read().map(ReadPosition::ledger).orElse(-1L));
        group.gauge("currentEntry", () -> state.read().map(ReadPosition::entry).orElse(-1L));
        return state;
    }

    @Override
    protected PulsarSplit toSplitType(String splitId, PulsarSplitState state) {
        return state.toSplit(ends.of(state.channel(), state.read()));
    }

    @Override
    protected void onSplitFinished(Map<String, PulsarSplitState> finished) {
        throw new IllegalStateException("a channel never ends: " + finished.keySet());
    }

    @Override
    public List<PulsarSplit> snapshotState(long checkpointId) {
        List<PulsarSplit> splits = super.snapshotState(checkpointId);
        Map<String, ReadPosition> read = new HashMap<>();
        for (PulsarSplit split : splits) {
            split.read().ifPresent(position -> read.put(split.channel(), position));
        }
        pending.put(checkpointId, read);
        return splits;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        Map<String, ReadPosition> read = pending.get(checkpointId);
        if (read != null) {
            read.forEach(
                    (channel, position) -> {
                        if (!position.equals(passed.put(channel, position))) {
                            backlog.passed(channel, position);
                        }
                    });
            ends.look(read);
        }
        pending.headMap(checkpointId, true).clear();
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) {
        pending.remove(checkpointId);
    }

    @Override
    public void close() throws Exception {
        super.close();
        connection.close();
    }
}

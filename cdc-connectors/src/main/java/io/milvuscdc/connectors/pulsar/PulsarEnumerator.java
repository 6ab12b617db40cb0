// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.CheckpointsInStep;
import io.milvuscdc.connectors.source.MilvusSource;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.SourceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.util.FlinkRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the source's channels, again and again, and gives each to one reader, evenly. A split goes
 * from found (nowhere in state: it will be found again) to assigned (in this state, and with its
 * position in its reader's); one that comes back from a failed reader is found again.
 *
 * <p>Runs on the coordinator's thread; the broker is asked on a worker's.
 */
final class PulsarEnumerator implements SplitEnumerator<PulsarSplit, PulsarEnumeratorState> {

    private static final Logger LOG = LoggerFactory.getLogger(PulsarEnumerator.class);

    private final PulsarQueue queue;
    private final SourceChannels channels;
    private final SplitEnumeratorContext<PulsarSplit> context;
    private final CheckpointsInStep checkpoints;
    private final Map<String, MqPosition> starts;
    private final Set<String> assigned;
    private final Map<String, PulsarSplit> waiting = new TreeMap<>();
    private PulsarConnection connection;
    private boolean found;
    private boolean answers = true;

    /**
     * Not started yet.
     *
     * @param assigned the channels that readers have
     * @param starts where others begin; one that isn't in it is read from its beginning
     */
    PulsarEnumerator(
            PulsarQueue queue,
            SourceChannels channels,
            SplitEnumeratorContext<PulsarSplit> context,
            CheckpointsInStep checkpoints,
            Set<String> assigned,
            Map<String, MqPosition> starts) {
        this.queue = queue;
        this.channels = channels;
        this.context = context;
        this.checkpoints = checkpoints;
        this.starts = starts;
        this.assigned = new TreeSet<>(assigned);
    }

    @Override
    public void start() {
        checkpoints.start();
        try {
            connection = PulsarConnection.open(queue);
        } catch (IOException e) {
            throw new FlinkRuntimeException(e.getMessage(), e);
        }
        context.callAsync(
                () -> connection.channels(channels), this::found, 0, MilvusSource.DISCOVERY_MILLIS);
    }

    void found(Set<String> existing, Throwable failure) {
        if (failure instanceof SourceException fatal) {
            throw fatal;
        }
        if (failure != null && !found) {
            throw new FlinkRuntimeException(failure.getMessage(), failure);
        }
        if (failure != null) {
            // what is assigned goes on by itself as soon as the broker is there again
            if (answers) {
                LOG.warn("No new channels are found for now: {}", failure.getMessage());
            }
            answers = false;
            return;
        }
        found = true;
        answers = true;
        for (String channel : existing) {
            if (!assigned.contains(channel) && !waiting.containsKey(channel)) {
                waiting.put(channel, fresh(channel));
            }
        }
        assign();
    }

    private PulsarSplit fresh(String channel) {
        return new PulsarSplit(
                channel, Optional.ofNullable(starts.get(channel)).flatMap(ReadPosition::before));
    }

    private void assign() {
        Map<Integer, List<PulsarSplit>> assignment = new HashMap<>();
        for (PulsarSplit split : waiting.values()) {
            int reader = readerOf(split.channel());
            if (context.registeredReaders().containsKey(reader)) {
                assignment.computeIfAbsent(reader, r -> new ArrayList<>()).add(split);
            }
        }
        if (assignment.isEmpty()) {
            return;
        }
        assignment
                .values()
                .forEach(splits -> splits.forEach(split -> assigned.add(split.channel())));
        waiting.keySet().removeAll(assigned);
        LOG.info("Channels to readers: {}", assignment);
        context.assignSplits(new SplitsAssignment<>(assignment));
    }

    /** By the channel's number, so that neighbours, which Milvus fills in turn, are apart. */
    private int readerOf(String channel) {
        if (!channels.isPchannel(channel)) {
            return 0;
        }
        int number = Integer.parseInt(channel.substring(channel.lastIndexOf('_') + 1));
        return number % context.currentParallelism();
    }

    @Override
    public void handleSplitRequest(int reader, String requesterHostname) {
        // splits are handed out unasked
    }

    @Override
    public void handleSourceEvent(int reader, SourceEvent event) {
        if (!checkpoints.handle(reader, event)) {
            throw new IllegalArgumentException("reader " + reader + " sent " + event);
        }
    }

    @Override
    public void addSplitsBack(List<PulsarSplit> splits, int reader) {
        for (PulsarSplit split : splits) {
            assigned.remove(split.channel());
            waiting.put(split.channel(), split);
        }
        assign();
    }

    @Override
    public void addReader(int reader) {
        assign();
    }

    @Override
    public PulsarEnumeratorState snapshotState(long checkpointId) {
        checkpoints.checkpoint();
        return new PulsarEnumeratorState(assigned, Optional.of(starts));
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}

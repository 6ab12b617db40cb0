// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;

/**
 * Kafka's enumerator, which hands out by a {@link ChannelHandout}, and keeps with its state where
 * the task began. Runs on the coordinator's thread.
 */
final class KafkaEnumerator implements SplitEnumerator<KafkaPartitionSplit, KafkaEnumeratorState> {

    private final SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> connector;
    private final ChannelHandout handout;
    private final CheckpointsInStep checkpoints;

    /**
     * Not started yet.
     *
     * @param connector made with {@code handout} for its context
     */
    KafkaEnumerator(
            SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> connector,
            ChannelHandout handout,
            CheckpointsInStep checkpoints) {
        this.connector = connector;
        this.handout = handout;
        this.checkpoints = checkpoints;
    }

    @Override
    public void start() {
        checkpoints.start();
        connector.start();
    }

    @Override
    public void addSplitsBack(List<KafkaPartitionSplit> splits, int reader) {
        handout.takeBack(splits);
        connector.addSplitsBack(splits, reader);
    }

    @Override
    public KafkaEnumeratorState snapshotState(long checkpointId) throws Exception {
        checkpoints.checkpoint();
        return new KafkaEnumeratorState(
                connector.snapshotState(checkpointId), Optional.of(handout.starts()));
    }

    @Override
    public void handleSourceEvent(int reader, SourceEvent event) {
        if (!checkpoints.handle(reader, event)) {
            connector.handleSourceEvent(reader, event);
        }
    }

    // from here on the connector's enumerator as it is

    @Override
    public void handleSplitRequest(int reader, String requesterHostname) {
        connector.handleSplitRequest(reader, requesterHostname);
    }

    @Override
    public void addReader(int reader) {
        connector.addReader(reader);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        connector.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        connector.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}

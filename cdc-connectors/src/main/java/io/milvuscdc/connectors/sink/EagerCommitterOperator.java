// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.Serial;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.operators.StreamTaskStateInitializer;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * The committer for at-least-once: Flink's own operator, which commits what belongs to a checkpoint
 * once that is complete, and before it a way for ticks that go out at once. Both end in one {@link
 * TickCommitter} on one thread, so a target pchannel has one tick under way at a time.
 */
final class EagerCommitterOperator
        implements OneInputStreamOperator<
                CommittableMessage<CommitUnit>, CommittableMessage<CommitUnit>> {

    @Serial private static final long serialVersionUID = 1L;

    private final OneInputStreamOperator<
                    CommittableMessage<CommitUnit>, CommittableMessage<CommitUnit>>
            ofCheckpoints;
    private final transient EagerCommitterFactory.OpenedCommitter committer;

    EagerCommitterOperator(
            OneInputStreamOperator<CommittableMessage<CommitUnit>, CommittableMessage<CommitUnit>>
                    ofCheckpoints,
            EagerCommitterFactory.OpenedCommitter committer) {
        this.ofCheckpoints = ofCheckpoints;
        this.committer = committer;
    }

    @Override
    public void processElement(StreamRecord<CommittableMessage<CommitUnit>> element)
            throws Exception {
        if (element.getValue() instanceof CommittableWithLineage<CommitUnit> message
                && message.getCommittable().isAhead()) {
            committer.get().commit(message.getCommittable());
        } else {
            ofCheckpoints.processElement(element);
        }
    }

    // from here on Flink's operator as it is

    @Override
    public void open() throws Exception {
        ofCheckpoints.open();
    }

    @Override
    public void finish() throws Exception {
        ofCheckpoints.finish();
    }

    @Override
    public void close() throws Exception {
        ofCheckpoints.close();
    }

    @Override
    public void initializeState(StreamTaskStateInitializer initializer) throws Exception {
        ofCheckpoints.initializeState(initializer);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        ofCheckpoints.prepareSnapshotPreBarrier(checkpointId);
    }

    @Override
    public OperatorSnapshotFutures snapshotState(
            long checkpointId,
            long timestamp,
            CheckpointOptions options,
            CheckpointStreamFactory storage)
            throws Exception {
        return ofCheckpoints.snapshotState(checkpointId, timestamp, options, storage);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        ofCheckpoints.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        ofCheckpoints.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        ofCheckpoints.processWatermark(mark);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        ofCheckpoints.processWatermarkStatus(status);
    }

    @Override
    public void processLatencyMarker(LatencyMarker marker) throws Exception {
        ofCheckpoints.processLatencyMarker(marker);
    }

    @Override
    public void setKeyContextElement(StreamRecord<CommittableMessage<CommitUnit>> record)
            throws Exception {
        ofCheckpoints.setKeyContextElement(record);
    }

    @Override
    public void setKeyContextElement1(StreamRecord<?> record) throws Exception {
        ofCheckpoints.setKeyContextElement1(record);
    }

    @Override
    public void setKeyContextElement2(StreamRecord<?> record) throws Exception {
        ofCheckpoints.setKeyContextElement2(record);
    }

    @Override
    public void setCurrentKey(Object key) {
        ofCheckpoints.setCurrentKey(key);
    }

    @Override
    public Object getCurrentKey() {
        return ofCheckpoints.getCurrentKey();
    }

    @Override
    public OperatorMetricGroup getMetricGroup() {
        return ofCheckpoints.getMetricGroup();
    }

    @Override
    public OperatorID getOperatorID() {
        return ofCheckpoints.getOperatorID();
    }
}

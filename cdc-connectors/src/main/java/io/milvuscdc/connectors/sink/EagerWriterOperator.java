// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.runtime.metrics.groups.InternalSinkWriterMetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.util.SimpleVersionedListState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The writer for at-least-once: reports between checkpoints as well, which Flink's own operator for
 * writers doesn't. Its state has that one's form and name, so that a task can change its guarantee.
 */
final class EagerWriterOperator extends AbstractStreamOperator<CommittableMessage<WriterReport>>
        implements OneInputStreamOperator<ChannelMessage, CommittableMessage<WriterReport>> {

    @Serial private static final long serialVersionUID = 1L;

    /** How often it looks whether what a tick covers is acknowledged, if it wasn't at first. */
    private static final long REPORT_MILLIS = 20;

    /** As in Flink's {@code StatefulSinkWriterStateHandler}. */
    static final ListStateDescriptor<byte[]> STATE =
            new ListStateDescriptor<>("writer_raw_states", BytePrimitiveArraySerializer.INSTANCE);

    /** Makes the writer, on the task's thread. */
    @FunctionalInterface
    interface Opener {
        MilvusSinkWriter open(
                Collection<WriterState> restored,
                SinkWriterMetricGroup metrics,
                RuntimeContext context)
                throws IOException;
    }

    private final transient Opener opener;
    private transient ListState<WriterState> state;
    private transient MilvusSinkWriter writer;
    private transient long lastCheckpoint;

    EagerWriterOperator(Opener opener) {
        this.opener = opener;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state =
                new SimpleVersionedListState<>(
                        context.getOperatorStateStore().getListState(STATE),
                        WriterState.SERIALIZER);
        List<WriterState> restored = new ArrayList<>();
        state.get().forEach(restored::add);
        lastCheckpoint = context.getRestoredCheckpointId().orElse(0);
        writer =
                opener.open(
                        restored,
                        InternalSinkWriterMetricGroup.wrap(getMetricGroup()),
                        getRuntimeContext());
    }

    @Override
    public void open() throws Exception {
        super.open();
        nextPoll();
    }

    @Override
    public void processElement(StreamRecord<ChannelMessage> element) throws Exception {
        writer.write(element.getValue(), null);
        if (element.getValue().type() == MsgType.TimeTick_VALUE) {
            // live, all that it covers is mostly acknowledged by now
            report();
        }
    }

    private void nextPoll() {
        var unused =
                getProcessingTimeService()
                        .registerTimer(
                                getProcessingTimeService().getCurrentProcessingTime()
                                        + REPORT_MILLIS,
                                this::poll);
    }

    private void poll(long timerMillis) throws IOException, InterruptedException {
        report();
        nextPoll();
    }

    private void report() throws IOException, InterruptedException {
        writer.pollReport().ifPresent(report -> emit(List.of(report), lastCheckpoint));
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        lastCheckpoint = checkpointId;
        writer.flush(false);
        emit(writer.prepareCommit(), checkpointId);
    }

    private void emit(Collection<WriterReport> reports, long checkpointId) {
        int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        int subtasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        output.collect(
                new StreamRecord<>(
                        new CommittableSummary<>(
                                subtask,
                                subtasks,
                                checkpointId,
                                reports.size(),
                                reports.size(),
                                0)));
        for (WriterReport report : reports) {
            output.collect(
                    new StreamRecord<>(
                            new CommittableWithLineage<>(report, checkpointId, subtask)));
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        state.update(writer.snapshotState(context.getCheckpointId()));
    }

    @Override
    public void close() throws Exception {
        try {
            if (writer != null) {
                writer.close();
            }
        } finally {
            super.close();
        }
    }
}

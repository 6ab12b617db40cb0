// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.TimeTicks;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.IOException;
import java.io.Serial;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Between writers and committer, one for the job: gathers what every writer reports before a
 * checkpoint, decides the tick that the checkpoint commits, and hands on the drops that this tick
 * has passed. Drops that it hasn't passed stay here, in state.
 *
 * <p>Runs on its task's thread. The two questions to the source take a few milliseconds; when the
 * source doesn't answer, the checkpoint commits no newer tick and the next one tries again.
 */
final class TickCoordinator extends AbstractStreamOperator<CommittableMessage<CommitUnit>>
        implements OneInputStreamOperator<
                CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>> {

    @Serial private static final long serialVersionUID = 1L;

    private static final Comparator<DropOperation> DROP_ORDER =
            Comparator.comparingLong(DropOperation::timestamp);

    private static final Comparator<FlushOperation> FLUSH_ORDER =
            Comparator.comparingLong(FlushOperation::timestamp);

    private static final ListStateDescriptor<byte[]> STATE =
            new ListStateDescriptor<>("coordinator", BytePrimitiveArraySerializer.INSTANCE);

    /** Makes the connection to the target, on the task's thread. */
    @FunctionalInterface
    interface ApplierOpener {
        TargetApplier open(TargetConfig target) throws IOException;
    }

    private final transient SinkConfig sinkConfig;
    private final transient SourceView.Opener sourceOpener;
    private final transient ApplierOpener applierOpener;
    private final transient Clock clock;

    private transient TickDecision decision;
    private transient SourceView source;
    private transient TargetApplier earlyTicks;
    private transient ListState<byte[]> state;
    private transient Set<String> targetPchannels;
    private transient List<DropOperation> drops;
    private transient List<FlushOperation> flushes;
    private transient Map<Integer, WriterReport> reports;
    private transient int writers;
    private transient boolean sourceAnswers = true;
    private transient long holdUntilMillis;
    private transient long earlyTick;

    TickCoordinator(
            SinkConfig sinkConfig,
            SourceView.Opener sourceOpener,
            ApplierOpener applierOpener,
            Clock clock) {
        this.sinkConfig = sinkConfig;
        this.sourceOpener = sourceOpener;
        this.applierOpener = applierOpener;
        this.clock = clock;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        decision = new TickDecision(starts());
        targetPchannels = new TreeSet<>();
        drops = new ArrayList<>();
        flushes = new ArrayList<>();
        reports = new HashMap<>();
        state = context.getOperatorStateStore().getListState(STATE);
        for (byte[] bytes : state.get()) {
            CoordinatorState restored =
                    SimpleVersionedSerialization.readVersionAndDeSerialize(
                            CoordinatorState.SERIALIZER, bytes);
            decision.restore(restored.progress(), restored.lastTick());
            targetPchannels.addAll(restored.targetPchannels());
            drops.addAll(restored.drops());
            flushes.addAll(restored.flushes());
        }
        if (context.isRestored()) {
            // requests of the run before may still be under way to the target: no tick may get in
            // between them and their copies
            holdUntilMillis = clock.millis() + sinkConfig.retries().settle().toMillis();
        }
    }

    private Map<String, MqPosition> starts() {
        Map<String, MqPosition> starts = new HashMap<>();
        sinkConfig
                .startOffsets()
                .forEach(
                        (channel, offset) -> {
                            if (sinkConfig.channels().isPchannel(channel)) {
                                starts.put(channel, MqPosition.ofKafkaOffset(offset));
                            }
                        });
        return starts;
    }

    @Override
    public void open() throws Exception {
        super.open();
        source = sourceOpener.open();
        if (!sinkConfig.exactlyOnce()) {
            earlyTicks = applierOpener.open(sinkConfig.target());
        }
        getMetricGroup().gauge("tickLagMillis", () -> lagMillis(clock.millis()));
    }

    private long lagMillis(long now) {
        long last = decision.last();
        return last == TickDecision.NONE ? 0 : Math.max(0, now - Tso.physicalMillis(last));
    }

    @Override
    public void processElement(StreamRecord<CommittableMessage<WriterReport>> element) {
        CommittableMessage<WriterReport> message = element.getValue();
        if (message instanceof CommittableSummary<WriterReport> summary) {
            writers = summary.getNumberOfSubtasks();
        } else if (message instanceof CommittableWithLineage<WriterReport> report) {
            take(report.getSubtaskId(), report.getCommittable());
        }
    }

    private void take(int writer, WriterReport report) {
        report.progress().forEach(decision::report);
        targetPchannels.addAll(report.targetPchannels());
        drops.addAll(report.drops());
        flushes.addAll(report.flushes());
        reports.put(writer, report);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        if (reports.isEmpty()) {
            return;
        }
        // at-least-once may have sent a newer one already, and ticks never go back
        long tick = Math.max(decide(), earlyTick);
        long readTs = Math.max(tick, decision.read());
        CommitUnit unit =
                new CommitUnit(
                        checkpointId,
                        tick,
                        readTs,
                        targetPchannels,
                        dropsDue(readTs),
                        passed(flushes, flush -> flush.timestamp() <= tick, FLUSH_ORDER));
        reports.clear();
        output.collect(new StreamRecord<>(new CommittableSummary<>(0, 1, checkpointId, 1, 1, 0)));
        output.collect(new StreamRecord<>(new CommittableWithLineage<>(unit, checkpointId, 0)));
    }

    private long decide() {
        if (reports.size() != writers) {
            throw new IllegalStateException(
                    reports.size() + " of " + writers + " writers reported before the checkpoint");
        }
        if (clock.millis() < holdUntilMillis) {
            return decision.last();
        }
        long minUnsent = Long.MAX_VALUE;
        for (WriterReport report : reports.values()) {
            minUnsent = Math.min(minUnsent, report.minUnsent());
        }
        try {
            long tick = decision.decide(minUnsent, source.livePchannels(), source::ends);
            if (!sourceAnswers) {
                LOG.info("Task {}: the source answers again, ticks go on", sinkConfig.taskId());
                sourceAnswers = true;
            }
            return tick;
        } catch (IOException e) {
            if (sourceAnswers) {
                LOG.warn(
                        "Task {}: no new rows become visible at the target until the source answers again: {}",
                        sinkConfig.taskId(),
                        e.getMessage());
                sourceAnswers = false;
            }
            return decision.last();
        }
    }

    /**
     * Takes out the drops before which everything has been read. They can't wait until the tick has
     * passed them: Milvus announces a drop late, even behind rows of what has taken the name since,
     * and these rows, which hold the tick back, wait for the drop.
     *
     * @param readTs everything up to here has been read
     */
    private List<DropOperation> dropsDue(long readTs) {
        Set<Long> unsent = new HashSet<>();
        reports.values().forEach(report -> unsent.addAll(report.unsent().keySet()));
        return passed(
                drops,
                drop ->
                        drop.timestamp() <= readTs
                                && (drop.kind() != DropOperation.Kind.COLLECTION
                                        || !unsent.contains(drop.collectionId())),
                DROP_ORDER);
    }

    /** Takes out what is due, in order; what came twice (a drop is on every pchannel) once. */
    private static <T> List<T> passed(List<T> pending, Predicate<T> due, Comparator<T> order) {
        Set<T> passed = new LinkedHashSet<>();
        pending.stream().filter(due).forEach(passed::add);
        pending.removeAll(passed);
        List<T> ordered = new ArrayList<>(passed);
        ordered.sort(order);
        return ordered;
    }

    /**
     * At-least-once only: the writers have let the watermark through because everything before it
     * is acknowledged, so its tick goes out now and the row is visible. A tick never goes back.
     */
    @Override
    public void processWatermark(Watermark mark) throws Exception {
        super.processWatermark(mark);
        if (earlyTicks == null
                || mark.getTimestamp() <= 0
                || mark.getTimestamp() == Long.MAX_VALUE) {
            return;
        }
        long tick = Tso.of(mark.getTimestamp() + 1, 0) - 1;
        if (tick <= Math.max(earlyTick, decision.last())) {
            return;
        }
        earlyTick = tick;
        List<ByteString> message = List.of(TimeTicks.message(tick));
        for (String pchannel : targetPchannels) {
            // a tick that is lost is made up for by the next one, and by the checkpoint's
            var unused = earlyTicks.send(pchannel, tick, tick, message);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        CoordinatorState now =
                new CoordinatorState(
                        decision.last(), decision.progress(), targetPchannels, drops, flushes);
        state.update(
                List.of(
                        SimpleVersionedSerialization.writeVersionAndSerialize(
                                CoordinatorState.SERIALIZER, now)));
    }

    @Override
    public void close() throws Exception {
        if (source != null) {
            source.close();
        }
        if (earlyTicks != null) {
            earlyTicks.close();
        }
        super.close();
    }
}

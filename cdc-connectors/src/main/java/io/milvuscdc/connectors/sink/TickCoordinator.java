// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import java.io.IOException;
import java.io.Serial;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Between writers and committer, one for the job: gathers what every writer reports before a
 * checkpoint, decides the tick that the checkpoint commits, and hands on the drops that this tick
 * has passed. Drops that it hasn't passed stay here, in state.
 *
 * <p>At-least-once makes the same decision between checkpoints, too, and its ticks go out at once,
 * as {@link TickCeiling} allows; its checkpoints hold no tick.
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

    /** No other state of the job has this name. */
    static final String STATE_NAME = "coordinator";

    private static final ListStateDescriptor<byte[]> STATE =
            new ListStateDescriptor<>(STATE_NAME, BytePrimitiveArraySerializer.INSTANCE);

    private final transient SinkConfig sinkConfig;
    private final transient SourceView.Opener sourceOpener;
    private final transient TickCeiling ceiling;
    private final transient Clock clock;

    private transient TickDecision decision;
    private transient SourceView source;
    private transient ListState<byte[]> state;
    private transient Set<String> targetPchannels;
    private transient List<DropOperation> drops;
    private transient List<FlushOperation> flushes;
    private transient List<UserRoleOperation> userRoles;
    private transient TickMarks marks;
    private transient TickMarks ticksRead;
    private transient Map<String, String> targetPlaces;
    private transient Map<Integer, WriterReport> reports;
    private transient Set<Integer> reported;
    private transient int writers;
    private transient boolean sourceAnswers = true;
    private transient long holdUntilMillis;
    private transient long tickAhead;
    private transient boolean saysMore;
    private transient volatile long drainedMillis;

    /**
     * Not opened yet.
     *
     * @param mayBeAhead as {@link TickCeiling}'s margin; doesn't matter for exactly-once
     */
    TickCoordinator(
            SinkConfig sinkConfig,
            SourceView.Opener sourceOpener,
            Duration mayBeAhead,
            Clock clock) {
        this.sinkConfig = sinkConfig;
        this.sourceOpener = sourceOpener;
        this.ceiling = new TickCeiling(sinkConfig.exactlyOnce() ? Duration.ZERO : mayBeAhead);
        this.clock = clock;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        decision = new TickDecision(starts());
        targetPchannels = new TreeSet<>();
        drops = new ArrayList<>();
        flushes = new ArrayList<>();
        userRoles = new ArrayList<>();
        marks = new TickMarks();
        ticksRead = new TickMarks();
        targetPlaces = new TreeMap<>();
        // who replicated before this task has sent ticks up to there
        ceiling.restore(sinkConfig.start().lastDone());
        reports = new HashMap<>();
        reported = new HashSet<>();
        state = context.getOperatorStateStore().getListState(STATE);
        for (byte[] bytes : state.get()) {
            CoordinatorState restored =
                    SimpleVersionedSerialization.readVersionAndDeSerialize(
                            CoordinatorState.SERIALIZER, bytes);
            decision.restore(restored.progress(), restored.lastTick());
            targetPchannels.addAll(restored.targetPchannels());
            drops.addAll(restored.drops());
            flushes.addAll(restored.flushes());
            ceiling.restore(restored.ceiling());
            targetPlaces.putAll(restored.targetPlaces());
            marks.addAll(restored.marks(), sinkConfig.channels().replicateChannel());
        }
        if (context.isRestored() || sinkConfig.start().lastDone() > 0) {
            // requests of the run before, or of a task before this one, may still be under way to
            // the target: no tick may get in between them and their copies
            holdUntilMillis = clock.millis() + sinkConfig.retries().settle().toMillis();
        }
    }

    private Map<String, MqPosition> starts() {
        Map<String, MqPosition> starts = new HashMap<>();
        sinkConfig
                .start()
                .channels()
                .forEach(
                        (channel, position) -> {
                            if (sinkConfig.channels().isPchannel(channel)) {
                                starts.put(channel, position);
                            }
                        });
        return starts;
    }

    @Override
    public void open() throws Exception {
        super.open();
        source = sourceOpener.open();
        getMetricGroup().gauge("tickLagMillis", () -> lagMillis(clock.millis()));
    }

    private long lagMillis(long now) {
        long upTo = Math.max(Tso.physicalMillis(decision.last()), drainedMillis);
        return upTo == 0 ? 0 : Math.max(0, now - upTo);
    }

    @Override
    public void processElement(StreamRecord<CommittableMessage<WriterReport>> element)
            throws SourceRefusedException {
        CommittableMessage<WriterReport> message = element.getValue();
        if (message instanceof CommittableSummary<WriterReport> summary) {
            writers = summary.getNumberOfSubtasks();
        } else if (message instanceof CommittableWithLineage<WriterReport> report) {
            take(report.getSubtaskId(), report.getCommittable());
            if (!sinkConfig.exactlyOnce()) {
                decideAhead();
            }
        }
    }

    private void take(int writer, WriterReport report) {
        report.progress().forEach(decision::report);
        targetPchannels.addAll(report.targetPchannels());
        drops.addAll(report.drops());
        flushes.addAll(report.flushes());
        ticksRead.addAll(report.marks(), sinkConfig.channels().replicateChannel());
        userRoles.addAll(report.userRoles());
        targetPlaces.putAll(report.targetPlaces());
        reports.put(writer, report);
        reported.add(writer);
        saysMore = true;
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        if (reported.isEmpty()) {
            return;
        }
        if (reported.size() != writers) {
            throw new IllegalStateException(
                    reported.size() + " of " + writers + " writers reported before the checkpoint");
        }
        reported.clear();
        long decided = decide();
        long readTs = Math.max(decided, decision.read(last(drops)));
        List<DropOperation> due = dropsDue(readTs);
        addMarks();
        marks.committed(decided);
        ceiling.checkpoint(checkpointId, decided, first(due));
        // a tick in the checkpoint would be sent again on restore, behind those that were ahead of
        // it
        long tick = sinkConfig.exactlyOnce() ? ceiling.notBack(decided) : TickDecision.NONE;
        long sent = Math.max(tick, tickAhead);
        CommitUnit unit =
                new CommitUnit(
                        checkpointId,
                        tick,
                        readTs,
                        targetPchannels,
                        due,
                        passed(flushes, flush -> flush.timestamp() <= sent, FLUSH_ORDER),
                        userRoles,
                        drainedMillis);
        // they have no timestamps to wait for
        userRoles.clear();
        output.collect(new StreamRecord<>(new CommittableSummary<>(0, 1, checkpointId, 1, 1, 0)));
        output.collect(new StreamRecord<>(new CommittableWithLineage<>(unit, checkpointId, 0)));
    }

    /**
     * Takes in the ticks read since the checkpoint before. A message that stands before one of them
     * may have a greater timestamp. If it isn't sent, or its drop not handed on, no place behind it
     * may be said to be committed before the tick has reached that timestamp.
     */
    private void addMarks() {
        String replicateChannel = sinkConfig.channels().replicateChannel();
        Map<String, Long> unsentUpTo = new HashMap<>();
        reports.values()
                .forEach(
                        report ->
                                report.unsentUpTo()
                                        .forEach(
                                                (channel, ts) ->
                                                        unsentUpTo.merge(channel, ts, Math::max)));
        long lastDrop = last(drops);
        ticksRead.raise(
                channel ->
                        // an operation's mark has its own timestamp and doesn't wait for others
                        channel.equals(replicateChannel)
                                ? TickDecision.NONE
                                : Math.max(
                                        lastDrop,
                                        unsentUpTo.getOrDefault(channel, TickDecision.NONE)));
        marks.addAll(ticksRead.drain(), replicateChannel);
    }

    private long decide() throws SourceRefusedException {
        long now = clock.millis();
        if (now < holdUntilMillis) {
            drainedMillis = 0;
            return decision.last();
        }
        long minUnsent = Long.MAX_VALUE;
        for (WriterReport report : reports.values()) {
            minUnsent = Math.min(minUnsent, report.minUnsent());
        }
        try {
            long tick = decision.decide(minUnsent, source.livePchannels(), source::ends);
            drainedMillis = decision.isDrained() && minUnsent == Long.MAX_VALUE ? now : 0;
            if (!sourceAnswers) {
                LOG.info("Task {}: the source answers again, ticks go on", sinkConfig.taskId());
                sourceAnswers = true;
            }
            return tick;
        } catch (SourceRefusedException e) {
            // neither waiting nor a restart mends it
            throw e;
        } catch (IOException e) {
            drainedMillis = 0;
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
     * At-least-once only: decides on what the writers have reported since, and lets the tick out
     * ahead of the next checkpoint.
     */
    private void decideAhead() throws SourceRefusedException {
        if (saysMore && writers > 0 && reports.size() == writers) {
            saysMore = false;
            decide();
            sendAhead();
        }
    }

    private void sendAhead() {
        long tick = ceiling.ahead(decision.last(), first(drops));
        if (tick > tickAhead) {
            tickAhead = tick;
            CommitUnit unit = CommitUnit.ofTick(ceiling.completed(), tick, targetPchannels);
            output.collect(
                    new StreamRecord<>(new CommittableWithLineage<>(unit, unit.checkpointId(), 0)));
        }
    }

    private static long last(List<DropOperation> drops) {
        return drops.stream().mapToLong(DropOperation::timestamp).max().orElse(TickDecision.NONE);
    }

    private static long first(List<DropOperation> drops) {
        return drops.stream().mapToLong(DropOperation::timestamp).min().orElse(Long.MAX_VALUE);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        ceiling.complete(checkpointId);
        if (!sinkConfig.exactlyOnce()) {
            sendAhead();
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

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        CoordinatorState now =
                new CoordinatorState(
                        decision.last(),
                        decision.progress(),
                        targetPchannels,
                        drops,
                        flushes,
                        marks.all(),
                        ceiling.ceiling(),
                        drainedMillis,
                        targetPlaces);
        state.update(
                List.of(
                        SimpleVersionedSerialization.writeVersionAndSerialize(
                                CoordinatorState.SERIALIZER, now)));
    }

    @Override
    public void close() throws Exception {
        try {
            if (source != null) {
                source.close();
            }
        } finally {
            super.close();
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.OperatorStateHandle;

/**
 * How far a task has replicated, as a complete checkpoint or savepoint says: once it's complete its
 * tick is committed, at once or by the next run. Never goes back from one checkpoint to a later
 * one.
 */
public final class CommittedPositions {

    /** Before the first tick was committed. */
    public static final CommittedPositions NONE =
            new CommittedPositions(
                    new CoordinatorState(
                            TickDecision.NONE,
                            Map.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            Map.of(),
                            TickDecision.NONE,
                            0,
                            Map.of()));

    /**
     * What positions need to be told of it, small enough to be kept outside of the checkpoint.
     *
     * @param tick as {@link CommittedPositions#tick}
     * @param drainedMillis see {@link CommittedPositions#upToMillis}
     * @param marks by source channel, as {@link CommittedPositions#of(String)} answers
     * @param targetPlaces as {@link CommittedPositions#targetPlaces}
     */
    public record Summary(
            long tick,
            long drainedMillis,
            Map<String, TickMark> marks,
            Map<String, String> targetPlaces) {

        public Summary {
            marks = Collections.unmodifiableMap(new TreeMap<>(marks));
            targetPlaces = Collections.unmodifiableMap(new TreeMap<>(targetPlaces));
        }
    }

    private final CoordinatorState state;
    private final TickMarks marks = new TickMarks();

    private CommittedPositions(CoordinatorState state) {
        this.state = state;
        // a stored order of marks is taken as it is
        marks.addAll(state.marks(), "");
        marks.committed(state.lastTick());
    }

    /**
     * Reads them from a checkpoint's metadata, which may open further files of it.
     *
     * @return {@link #NONE} when the checkpoint holds none; it's of another job then
     * @throws IOException a file of the checkpoint is gone or can't be read
     */
    public static CommittedPositions of(CheckpointMetadata checkpoint) throws IOException {
        for (OperatorState operator : checkpoint.getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                    Optional<CoordinatorState> found = coordinator(handle);
                    if (found.isPresent()) {
                        return new CommittedPositions(found.get());
                    }
                }
            }
        }
        return NONE;
    }

    /** What a summary was made of, as far as it says. */
    public static CommittedPositions of(Summary summary) {
        Map<String, List<TickMark>> marks = new TreeMap<>();
        summary.marks().forEach((channel, mark) -> marks.put(channel, List.of(mark)));
        return new CommittedPositions(
                new CoordinatorState(
                        summary.tick(),
                        Map.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        marks,
                        summary.tick(),
                        summary.drainedMillis(),
                        summary.targetPlaces()));
    }

    /** What's to be kept of it. */
    public Summary summary() {
        Map<String, TickMark> committed = new TreeMap<>();
        Set<String> channels = new TreeSet<>(marks.all().keySet());
        channels.addAll(state.progress().keySet());
        channels.forEach(channel -> of(channel).ifPresent(mark -> committed.put(channel, mark)));
        return new Summary(
                state.lastTick(), state.drainedMillis(), committed, state.targetPlaces());
    }

    /** The state's name tells it from all others. */
    private static Optional<CoordinatorState> coordinator(OperatorStateHandle handle)
            throws IOException {
        OperatorStateHandle.StateMetaInfo info =
                handle.getStateNameToPartitionOffsets().get(TickCoordinator.STATE_NAME);
        if (info == null || info.getOffsets().length == 0) {
            return Optional.empty();
        }
        try (FSDataInputStream in = handle.openInputStream()) {
            in.seek(info.getOffsets()[0]);
            byte[] bytes =
                    BytePrimitiveArraySerializer.INSTANCE.deserialize(
                            new DataInputViewStreamWrapper(in));
            return Optional.of(
                    SimpleVersionedSerialization.readVersionAndDeSerialize(
                            CoordinatorState.SERIALIZER, bytes));
        } catch (IllegalArgumentException e) {
            throw new IOException("its file of the coordinator is damaged: " + e.getMessage(), e);
        }
    }

    /** The last committed tick, a tso: everything up to it is visible at the target; 0 if none. */
    public long tick() {
        return state.lastTick();
    }

    /** The last committed tick in milliseconds since 1970, 0 if there's none. */
    public long tickMillis() {
        return Tso.physicalMillis(state.lastTick());
    }

    /**
     * Everything that was written before this moment is visible at the target, in milliseconds
     * since 1970; 0 if nothing is known. Later than the tick where the source has no collections,
     * and so no ticks, and has been read to its end.
     */
    public long upToMillis() {
        return Math.max(tickMillis(), state.drainedMillis());
    }

    /**
     * By target pchannel, where the rows that the target had taken last before the checkpoint stand
     * in the target's queue: its message id there in base64, as the target answered it. A channel
     * that no row was sent to isn't in it.
     */
    public Map<String, String> targetPlaces() {
        return new TreeMap<>(state.targetPlaces());
    }

    /** By source pchannel, the last tick that was read there, a tso; may be ahead of the commit. */
    public Map<String, Long> readTicks() {
        Map<String, Long> ticks = new TreeMap<>();
        state.progress().forEach((channel, progress) -> ticks.put(channel, progress.tick()));
        return ticks;
    }

    /** The target's pchannels that the tick went to. */
    public Collection<String> targetPchannels() {
        return new TreeSet<>(state.targetPchannels());
    }

    /**
     * Where a source channel can be read from so that nothing is missing at the target: the place
     * of its last tick up to {@link #tick} that has nothing unsent before it. What follows with a
     * timestamp up to {@link #tick} is committed, too; there is hardly anything of that while all
     * channels tick at the same timestamps and nothing waits. The rest may have been sent, but no
     * tick has passed it, so that the target drops a copy of it.
     *
     * @return empty when no tick of the channel was committed
     */
    public Optional<TickMark> of(String channel) {
        List<TickMark> known = marks.all().getOrDefault(channel, List.of());
        if (!known.isEmpty() && known.get(0).tick() <= state.lastTick()) {
            return Optional.of(known.get(0));
        }
        ChannelProgress progress = state.progress().get(channel);
        if (state.marks().isEmpty() && progress != null && state.lastTick() > 0) {
            // written before marks were kept: what was read last is the best there is
            MqPosition next = progress.next();
            return Optional.of(new TickMark(Math.min(progress.tick(), state.lastTick()), next));
        }
        return Optional.empty();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

final class CommittedPositionsTest {

    private static final Map<String, ChannelProgress> PROGRESS =
            Map.of("p0", new ChannelProgress(80, MqPosition.ofKafkaOffset(9)));

    @Test
    void aChannelReadAheadStandsAtTheTickThatWasCommitted() throws Exception {
        CommittedPositions positions =
                CommittedPositions.of(
                        checkpoint(
                                "coordinator",
                                state(
                                        76,
                                        Map.of(
                                                "p0",
                                                List.of(mark(76, 4), mark(80, 8)),
                                                "young",
                                                List.of(mark(80, 1))))));

        assertThat(positions.tick()).isEqualTo(76);
        assertThat(positions.of("p0")).contains(mark(76, 4));
        assertThat(positions.of("young")).isEmpty();
        assertThat(positions.of("unknown")).isEmpty();
        assertThat(positions.readTicks()).containsExactly(Map.entry("p0", 80L));
        assertThat(positions.targetPchannels()).containsExactly("t0");
    }

    @Test
    void aCheckpointOfAReleaseThatKeptNoMarksGivesWhatWasReadLast() throws Exception {
        CommittedPositions positions =
                CommittedPositions.of(checkpoint("coordinator", state(76, Map.of())));

        assertThat(positions.of("p0")).contains(mark(76, 9));
    }

    @Test
    void beforeTheFirstCommitThereIsNoPosition() throws Exception {
        CommittedPositions positions =
                CommittedPositions.of(
                        checkpoint("coordinator", state(0, Map.of("p0", List.of(mark(80, 8))))));

        assertThat(positions.of("p0")).isEmpty();
        assertThat(positions.tickMillis()).isZero();
    }

    @Test
    void theCheckpointOfAnotherJobHoldsNone() throws Exception {
        assertThat(CommittedPositions.of(checkpoint("other", state(76, Map.of()))))
                .isSameAs(CommittedPositions.NONE);
        assertThat(CommittedPositions.of(new CheckpointMetadata(1, List.of(), List.of())))
                .isSameAs(CommittedPositions.NONE);
    }

    private static CheckpointMetadata checkpoint(String stateName, CoordinatorState state)
            throws Exception {
        byte[] bytes =
                SimpleVersionedSerialization.writeVersionAndSerialize(
                        CoordinatorState.SERIALIZER, state);
        try (OneInputStreamOperatorTestHarness<String, String> harness =
                new OneInputStreamOperatorTestHarness<>(new Keeper(stateName, bytes))) {
            harness.open();
            OperatorSubtaskState snapshot = harness.snapshot(1, 1);
            return Checkpoints.of(1, snapshot);
        }
    }

    private static CoordinatorState state(long lastTick, Map<String, List<TickMark>> marks) {
        return new CoordinatorState(
                lastTick,
                PROGRESS,
                List.of("t0"),
                List.of(),
                List.of(),
                marks,
                lastTick,
                0,
                Map.of());
    }

    private static TickMark mark(long tick, long offset) {
        return new TickMark(tick, MqPosition.ofKafkaOffset(offset));
    }

    /** Checkpoints some bytes under a name, and an operator state of another name beside them. */
    private static final class Keeper extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<String, String> {

        private static final long serialVersionUID = 1L;

        private final String name;
        private final byte[] bytes;

        Keeper(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes.clone();
        }

        @Override
        public void initializeState(StateInitializationContext context) throws Exception {
            super.initializeState(context);
            put(context, "a first one", new byte[] {1, 2, 3});
            put(context, name, bytes);
        }

        private static void put(StateInitializationContext context, String name, byte[] bytes)
                throws Exception {
            context.getOperatorStateStore()
                    .getListState(
                            new ListStateDescriptor<>(name, BytePrimitiveArraySerializer.INSTANCE))
                    .update(List.of(bytes));
        }

        @Override
        public void processElement(StreamRecord<String> element) throws IOException {
            throw new IOException("nothing is processed here");
        }
    }
}

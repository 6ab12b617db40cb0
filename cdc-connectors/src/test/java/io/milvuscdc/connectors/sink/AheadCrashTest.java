// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.Tso;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * At-least-once: halts the process at every call to the target, and at every checkpoint before it
 * is known to be complete, and restores it. Nothing is missing, no tick goes back, and what arrives
 * behind a tick is only ever a copy of a row that is shown already.
 */
final class AheadCrashTest {

    private static final int MESSAGES_PER_CHECKPOINT = 13;
    private static final Duration MAY_BE_AHEAD = Duration.ofMillis(60);

    private final List<ChannelMessage> source = messages();
    private final StandbyDouble target = new StandbyDouble();

    /** What a completed checkpoint holds. */
    private record Checkpoint(
            long id,
            int nextMessage,
            OperatorSubtaskState writer,
            OperatorSubtaskState coordinator,
            List<CommitUnit> units) {}

    private Checkpoint last = new Checkpoint(0, 0, null, null, List.of());
    private int checkpointsUntilHalt = Integer.MAX_VALUE;
    private int ticksAhead;

    static IntStream steps() {
        return IntStream.range(0, 70);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void nothingIsMissingAfterAHaltAtAnyCall(int step) throws Exception {
        target.haltAfter(step);
        runToTheEnd();
        assertNothingMissing();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void nothingIsMissingAfterThreeHalts(int step) throws Exception {
        target.haltAfter(step);
        runUntilHalt();
        target.haltAfter(step % 7);
        runUntilHalt();
        target.haltAfter(step % 11);
        runToTheEnd();
        assertNothingMissing();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void nothingIsMissingAfterACheckpointThatWasNotKnownToBeComplete(int step) throws Exception {
        checkpointsUntilHalt = step % 6;
        runUntilHalt();
        target.haltAfter(step);
        runToTheEnd();
        assertNothingMissing();
    }

    private void assertNothingMissing() {
        List<Long> rows =
                source.stream()
                        .filter(m -> m.type() == MsgType.Insert_VALUE)
                        .map(ChannelMessage::msgId)
                        .toList();
        assertThat(target.visible()).extracting(ChannelMessage::msgId).containsAll(rows);
        assertThat(target.backwards()).as("ticks that went back").isZero();
        assertThat(target.lost()).as("rows behind a tick that aren't copies").isZero();
        assertThat(ticksAhead).as("ticks ahead of their checkpoint").isGreaterThan(8);
    }

    private void runToTheEnd() throws Exception {
        for (int run = 0; run < 10; run++) {
            if (runUntilHalt()) {
                return;
            }
            target.haltAfter(Integer.MAX_VALUE);
        }
        throw new AssertionError("did not get to the end");
    }

    private boolean runUntilHalt() throws Exception {
        try {
            run();
            return true;
        } catch (StandbyDouble.Halt e) {
            return false;
        }
    }

    /** One life of the process, from the last checkpoint on. */
    private void run() throws Exception {
        TickCommitter committer =
                new TickCommitter(
                        "task",
                        target,
                        ProtocolCrashTest.NoMetadata::new,
                        new FeedLeaseDouble(),
                        ProtocolCrashTest.config(false).retries(),
                        Clock.systemUTC(),
                        last.id() == 0 ? OptionalLong.empty() : OptionalLong.of(last.id()));
        try (OneInputStreamOperatorTestHarness<ChannelMessage, CommittableMessage<WriterReport>>
                        writer = writer();
                OneInputStreamOperatorTestHarness<
                                CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
                        coordinator = coordinator()) {
            for (CommitUnit unit : last.units()) {
                committer.commit(unit);
            }
            for (int next = last.nextMessage(); next < source.size(); next++) {
                writer.processElement(new StreamRecord<>(source.get(next)));
                passMillis(writer, 40);
                hand(writer, coordinator);
                passMillis(coordinator, 40);
                commit(coordinator, committer);
                if ((next + 1) % MESSAGES_PER_CHECKPOINT == 0 || next + 1 == source.size()) {
                    checkpoint(next + 1, writer, coordinator, committer);
                }
            }
        }
    }

    private void checkpoint(
            int next,
            OneInputStreamOperatorTestHarness<ChannelMessage, CommittableMessage<WriterReport>>
                    writer,
            OneInputStreamOperatorTestHarness<
                            CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
                    coordinator,
            TickCommitter committer)
            throws Exception {
        long id = last.id() + 1;
        writer.prepareSnapshotPreBarrier(id);
        hand(writer, coordinator);
        coordinator.prepareSnapshotPreBarrier(id);
        List<CommitUnit> units = commit(coordinator, committer);
        last =
                new Checkpoint(
                        id, next, writer.snapshot(id, id), coordinator.snapshot(id, id), units);
        if (checkpointsUntilHalt-- == 0) {
            throw new StandbyDouble.Halt();
        }
        for (CommitUnit unit : units) {
            committer.commit(unit);
        }
        coordinator.notifyOfCompletedCheckpoint(id);
        commit(coordinator, committer);
    }

    private static void passMillis(OneInputStreamOperatorTestHarness<?, ?> operator, long millis)
            throws Exception {
        operator.setProcessingTime(operator.getProcessingTime() + millis);
    }

    private static void hand(
            OneInputStreamOperatorTestHarness<ChannelMessage, CommittableMessage<WriterReport>>
                    writer,
            OneInputStreamOperatorTestHarness<
                            CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
                    coordinator)
            throws Exception {
        for (CommittableMessage<WriterReport> message : writer.extractOutputValues()) {
            coordinator.processElement(new StreamRecord<>(message));
        }
        writer.getOutput().clear();
    }

    /** Commits what goes out at once; the rest is the checkpoint's. */
    private List<CommitUnit> commit(
            OneInputStreamOperatorTestHarness<
                            CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
                    coordinator,
            TickCommitter committer)
            throws Exception {
        List<CommitUnit> ofCheckpoint = new ArrayList<>();
        for (CommittableMessage<CommitUnit> message : coordinator.extractOutputValues()) {
            if (!(message instanceof CommittableWithLineage<CommitUnit> unit)) {
                continue;
            }
            if (unit.getCommittable().isAhead()) {
                committer.commit(unit.getCommittable());
                ticksAhead++;
            } else {
                ofCheckpoint.add(unit.getCommittable());
            }
        }
        coordinator.getOutput().clear();
        return ofCheckpoint;
    }

    private OneInputStreamOperatorTestHarness<ChannelMessage, CommittableMessage<WriterReport>>
            writer() throws Exception {
        OneInputStreamOperatorTestHarness<ChannelMessage, CommittableMessage<WriterReport>>
                harness =
                        new OneInputStreamOperatorTestHarness<>(
                                new EagerWriterOperator(
                                        (restored, metrics, context) ->
                                                new MilvusSinkWriter(
                                                        new ProtocolCrashTest.OneCollectionRouter(),
                                                        target,
                                                        new FeedLeaseDouble(),
                                                        ProtocolCrashTest.config(false).retries(),
                                                        "by-dev-replicate-msg",
                                                        false,
                                                        ProtocolCrashTest.config(false).start(),
                                                        restored,
                                                        metrics)));
        harness.setup(
                CommittableMessageTypeInfo.<WriterReport>of(() -> WriterReport.SERIALIZER)
                        .createSerializer(new SerializerConfigImpl()));
        if (last.writer() != null) {
            harness.initializeState(last.writer());
        }
        harness.open();
        return harness;
    }

    private OneInputStreamOperatorTestHarness<
                    CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
            coordinator() throws Exception {
        OneInputStreamOperatorTestHarness<
                        CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
                harness =
                        new OneInputStreamOperatorTestHarness<>(
                                new TickCoordinator(
                                        ProtocolCrashTest.config(false),
                                        ProtocolCrashTest.OneLiveCollection::new,
                                        MAY_BE_AHEAD,
                                        Clock.systemUTC()));
        harness.setup(
                CommittableMessageTypeInfo.<CommitUnit>of(() -> CommitUnit.SERIALIZER)
                        .createSerializer(new SerializerConfigImpl()));
        if (last.coordinator() != null) {
            harness.initializeState(last.coordinator());
        }
        harness.open();
        return harness;
    }

    /** Rows 10 ms apart on two pchannels, and ticks; the last ones are past every ceiling. */
    private static List<ChannelMessage> messages() {
        List<ChannelMessage> messages = new ArrayList<>();
        int offset = 0;
        for (int row = 0; row < 40; row++) {
            String pchannel = row % 3 == 0 ? SourceMessages.P1 : SourceMessages.P0;
            long ts = Tso.of(1_000 + row * 10L, 0);
            messages.add(
                    SourceMessages.insert(
                            pchannel, offset++, ProtocolCrashTest.COLLECTION, 5_000 + row, ts));
            if (row % 2 == 1) {
                messages.add(SourceMessages.tick(SourceMessages.P0, offset++, ts));
                messages.add(SourceMessages.tick(SourceMessages.P1, offset++, ts));
            }
        }
        for (int end = 0; end < 4; end++) {
            long ts = Tso.of(2_000 + end * 100L, 0);
            messages.add(SourceMessages.tick(SourceMessages.P0, offset++, ts));
            messages.add(SourceMessages.tick(SourceMessages.P1, offset++, ts));
        }
        return messages;
    }
}

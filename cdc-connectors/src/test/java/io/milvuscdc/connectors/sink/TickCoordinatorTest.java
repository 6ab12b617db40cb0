// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TickCoordinatorTest {

    private static final String P0 = SourceMessages.P0;
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private static final Duration AHEAD = Duration.ofSeconds(1);

    private long nowMillis = 1_000_000;
    private boolean sourceRefuses;
    private StartPoint start = StartPoint.BEGINNING;
    private boolean sourceAnswers = true;
    private Map<String, Long> live = Map.of(P0, 1L);
    private Map<String, MqPosition> ends = Map.of();
    private OneInputStreamOperatorTestHarness<
                    CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
            harness;

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aDropStaysUntilTheTickHasPassedItAndIsThenHandedOnOnce() throws Exception {
        open(true, null);
        DropOperation drop = drop(500);
        assertThat(checkpoint(1, report(400, drop)).drops()).isEmpty();
        assertThat(checkpoint(2, report(600, drop)).drops()).containsExactly(drop);
        assertThat(checkpoint(3, report(700)).drops()).isEmpty();
    }

    @Test
    void aSourceThatRefusesTheLoginEndsTheJob() throws Exception {
        open(true, null);
        sourceRefuses = true;

        assertThatThrownBy(() -> checkpoint(1, report(600)))
                .isInstanceOf(SourceRefusedException.class);
    }

    @Test
    void dropsComeInTheOrderOfTheirTimestamps() throws Exception {
        open(true, null);

        assertThat(checkpoint(1, report(600, drop(500), drop(300), drop(400))).drops())
                .extracting(DropOperation::timestamp)
                .containsExactly(300L, 400L, 500L);
    }

    @Test
    void theSlowestWriterAndAnyUnsentRowBoundTheTick() throws Exception {
        open(true, null);
        WriterReport waits =
                new WriterReport(
                        Map.of(P0, progress(900)),
                        Map.of(445L, 700L),
                        List.of("t-dml_1"),
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        Map.of(),
                        Map.of());
        WriterReport other =
                new WriterReport(
                        Map.of(),
                        Map.of(),
                        List.of("t-dml_2"),
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        Map.of(),
                        Map.of());

        CommitUnit unit = checkpoint(1, waits, other);
        assertThat(unit.tick()).isEqualTo(699);
        assertThat(unit.targetPchannels()).containsExactly("t-dml_1", "t-dml_2");
    }

    @Test
    void dropThatRowsOfAnotherCollectionWaitForIsDoneThoughTheyHoldTheTickBack() throws Exception {
        open(true, null);

        CommitUnit unit = checkpoint(1, waiting(900, 445, 700, drop(800)));

        assertThat(unit.tick()).isEqualTo(699);
        assertThat(unit.drops()).containsExactly(drop(800));
    }

    @Test
    void collectionIsNotDroppedWhileRowsOfItWait() throws Exception {
        open(true, null);

        assertThat(checkpoint(1, waiting(900, 444, 700, drop(800))).drops()).isEmpty();
        assertThat(checkpoint(2, report(950)).drops()).containsExactly(drop(800));
    }

    @Test
    void whileTheSourceDoesNotAnswerNoNewerTickIsCommitted() throws Exception {
        open(true, null);
        assertThat(checkpoint(1, report(600)).tick()).isEqualTo(600);
        sourceAnswers = false;
        assertThat(checkpoint(2, report(700)).tick()).isEqualTo(600);
        sourceAnswers = true;
        assertThat(checkpoint(3, report(800)).tick()).isEqualTo(800);
    }

    @Test
    void afterARestoreNoNewerTickGetsInBeforeOldRequestsHaveSettled() throws Exception {
        open(true, null);
        checkpoint(1, report(600, drop(5_000)));
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();

        open(true, state);
        assertThat(checkpoint(2, report(700)).tick()).isEqualTo(600);
        nowMillis += SETTLE.toMillis();
        CommitUnit later = checkpoint(3, report(9_000));
        assertThat(later.tick()).isEqualTo(9_000);
        assertThat(later.drops()).as("drops of the checkpoint").hasSize(1);
    }

    @Test
    void aTaskThatGoesOnAtPositionsSendsNoTickThatIsNotNewerThanTheirs() throws Exception {
        start = new StartPoint(Map.of(), Map.of(), Map.of(444L, Map.of(P0, 800L, "p1", 700L)));
        open(true, null);
        assertThat(checkpoint(1, report(900)).tick()).as("settling").isEqualTo(TickDecision.NONE);
        nowMillis += SETTLE.toMillis();
        assertThat(checkpoint(2, report(900)).tick()).isEqualTo(900);

        harness.close();
        open(true, null);
        nowMillis += SETTLE.toMillis();
        assertThat(checkpoint(1, report(799)).tick()).isEqualTo(TickDecision.NONE);
        assertThat(checkpoint(2, report(801)).tick()).isEqualTo(801);
    }

    @Test
    void aSourceWithoutCollectionsThatIsReadToItsEndHasNoLag() throws Exception {
        live = Map.of();
        ends = Map.of(P0, MqPosition.ofKafkaOffset(401));
        open(true, null);
        assertThat(checkpoint(1, report(400)).drainedMillis()).as("one more message").isZero();
        ends = Map.of(P0, MqPosition.ofKafkaOffset(400));
        assertThat(checkpoint(2, report(400)).drainedMillis()).isEqualTo(nowMillis);
        assertThat(checkpoint(3, waiting(400, 444, 300, drop(200))).drainedMillis()).isZero();
        sourceAnswers = false;
        assertThat(checkpoint(4, report(400)).drainedMillis()).isZero();
    }

    @Test
    void whereTheTargetStandsIsKeptOverARestart() throws Exception {
        open(true, null);
        checkpoint(1, reportOfTarget(Map.of("t-dml_1", "first", "t-dml_2", "other")));
        checkpoint(2, reportOfTarget(Map.of("t-dml_1", "second")));
        OperatorSubtaskState state = harness.snapshot(2, 2);
        harness.close();
        open(true, state);
        checkpoint(3, report(500));

        assertThat(CommittedPositions.of(Checkpoints.of(3, harness.snapshot(3, 3))).targetPlaces())
                .isEqualTo(Map.of("t-dml_1", "second", "t-dml_2", "other"));
    }

    @Test
    void noPositionLiesBehindARowThatWaitsWithAGreaterTimestampThanTheTicksBehindIt()
            throws Exception {
        open(true, null);
        checkpoint(1, ticks(mark(90, 5)));
        assertThat(checkpoint(2, waitingUpTo(105, mark(100, 11), mark(110, 15))).tick())
                .isEqualTo(104);
        assertThat(position(2)).isEqualTo(mark(90, 5));

        assertThat(checkpoint(3, ticks(mark(120, 19))).tick()).isEqualTo(120);
        assertThat(position(3)).isEqualTo(mark(120, 19));
    }

    @Test
    void noPositionLiesBehindARowThatWaitsInTheStateOfAnotherWriter() throws Exception {
        open(true, null);
        checkpoint(1, ticks(mark(90, 5)));
        checkpoint(2, waitingUpTo(105));
        restart(harness.snapshot(2, 2));

        assertThat(checkpoint(3, ticks(mark(100, 11), mark(110, 15)), waitingUpTo(105)).tick())
                .isEqualTo(104);
        assertThat(position(3)).isEqualTo(mark(90, 5));
    }

    @Test
    void noPositionLiesBehindADropThatIsNotDue() throws Exception {
        open(true, null);
        checkpoint(1, report(90));
        checkpoint(2, report(91, drop(105)));
        restart(harness.snapshot(2, 2));
        assertThat(checkpoint(3, ticks(mark(100, 92), mark(104, 95))).drops()).isEmpty();
        assertThat(position(3)).isEqualTo(mark(90, 89));

        assertThat(checkpoint(4, ticks(mark(106, 99))).drops()).hasSize(1);
        assertThat(position(4)).isEqualTo(mark(106, 99));
    }

    private void restart(OperatorSubtaskState state) throws Exception {
        harness.close();
        open(true, state);
        nowMillis += SETTLE.toMillis();
    }

    /** Where P0 can be read from, as a checkpoint after {@link #checkpoint} says. */
    private TickMark position(long id) throws Exception {
        return CommittedPositions.of(Checkpoints.of(id, harness.snapshot(id, id)))
                .of(P0)
                .orElseThrow();
    }

    private static WriterReport ticks(TickMark... marks) {
        return reportOf(Map.of(), Map.of(), marks);
    }

    /** A row waits. */
    private static WriterReport waitingUpTo(long ts, TickMark... marks) {
        return reportOf(Map.of(445L, ts), Map.of(P0, ts), marks);
    }

    private static WriterReport reportOf(
            Map<Long, Long> unsent, Map<String, Long> unsentUpTo, TickMark... marks) {
        long tick = marks.length == 0 ? TickDecision.NONE : marks[marks.length - 1].tick();
        return new WriterReport(
                Map.of(P0, progress(tick)),
                unsent,
                List.of("t-dml_1"),
                List.of(),
                List.of(),
                List.of(),
                Map.of(P0, List.of(marks)),
                Map.of(),
                unsentUpTo);
    }

    private static TickMark mark(long tick, long offset) {
        return new TickMark(tick, MqPosition.ofKafkaOffset(offset));
    }

    private static WriterReport reportOfTarget(Map<String, String> places) {
        return new WriterReport(
                Map.of(P0, progress(400)),
                Map.of(),
                List.of("t-dml_1"),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                places,
                Map.of());
    }

    @Test
    void atLeastOnceSendsATickAsSoonAsItIsDecided() throws Exception {
        open(false, null);
        checkpoint(1, report(tso(100)));
        assertThat(ahead()).as("before a checkpoint is complete").isEmpty();
        harness.notifyOfCompletedCheckpoint(1);
        assertThat(ahead()).containsExactly(tso(100));

        writersReport(2, report(tso(300)));
        assertThat(ahead()).containsExactly(tso(100), tso(300));
        assertThat(checkpoint(2, report(tso(400))).tick())
                .as("in a checkpoint, which would send it again")
                .isEqualTo(TickDecision.NONE);
    }

    @Test
    void aTickAheadOfItsCheckpointPassesNoDropThatIsNotDoneAndNoUnsentRow() throws Exception {
        open(false, null);
        checkpoint(1, report(tso(100)));
        harness.notifyOfCompletedCheckpoint(1);
        writersReport(2, report(tso(300), drop(tso(200))));
        assertThat(ahead()).containsExactly(tso(100), tso(200) - 1);
        assertThat(checkpoint(2, report(tso(400))).drops()).hasSize(1);
        writersReport(3, report(tso(450)));
        assertThat(ahead()).as("handed on, not done").isEmpty();

        harness.notifyOfCompletedCheckpoint(2);
        assertThat(ahead()).containsExactly(tso(450));
        writersReport(3, waiting(tso(600), 445, tso(500), drop(tso(700))));
        assertThat(ahead()).containsExactly(tso(450), tso(500) - 1);
    }

    @Test
    void ticksAheadStayBelowTheCheckpointsCeilingAndNeverGoBackAfterARestore() throws Exception {
        open(false, null);
        checkpoint(1, report(tso(100)));
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.notifyOfCompletedCheckpoint(1);
        writersReport(2, report(tso(9_000)));
        long ceiling = tso(100 + AHEAD.toMillis());
        assertThat(ahead()).containsExactly(tso(100), ceiling);

        for (boolean exactlyOnce : new boolean[] {false, true}) {
            harness.close();
            open(exactlyOnce, state);
            nowMillis += SETTLE.toMillis();
            assertThat(checkpoint(2, report(ceiling - 1)).tick()).isEqualTo(TickDecision.NONE);
            harness.notifyOfCompletedCheckpoint(2);
            assertThat(ahead()).isEmpty();
            writersReport(3, report(ceiling + 7));
            List<Long> sent =
                    exactlyOnce ? List.of(checkpoint(3, report(ceiling + 7)).tick()) : ahead();
            assertThat(sent).containsExactly(ceiling + 7);
        }
    }

    @Test
    void exactlyOnceSendsNothingAheadOfACheckpoint() throws Exception {
        open(true, null);
        checkpoint(1, report(600));
        harness.notifyOfCompletedCheckpoint(1);
        writersReport(2, report(700));

        assertThat(ahead()).isEmpty();
    }

    private static long tso(long millis) {
        return Tso.of(millis, 0);
    }

    /** The ticks that went out at once since the last checkpoint's barrier. */
    private List<Long> ahead() {
        return units().filter(CommitUnit::isAhead).map(CommitUnit::tick).toList();
    }

    private Stream<CommitUnit> units() {
        return harness.getOutput().stream()
                .map(element -> ((StreamRecord<?>) element).getValue())
                .filter(CommittableWithLineage.class::isInstance)
                .map(
                        message ->
                                (CommitUnit)
                                        ((CommittableWithLineage<?>) message).getCommittable());
    }

    private void writersReport(long id, WriterReport... reports) throws Exception {
        for (int writer = 0; writer < reports.length; writer++) {
            harness.processElement(
                    new StreamRecord<>(
                            new CommittableSummary<>(writer, reports.length, id, 1, 1, 0)));
            harness.processElement(
                    new StreamRecord<>(new CommittableWithLineage<>(reports[writer], id, writer)));
        }
        harness.setProcessingTime(harness.getProcessingTime() + 1_000);
    }

    private void open(boolean exactlyOnce, OperatorSubtaskState state) throws Exception {
        harness =
                new OneInputStreamOperatorTestHarness<>(
                        new TickCoordinator(
                                config(exactlyOnce), OneLivePchannel::new, AHEAD, clock()));
        harness.setup(
                CommittableMessageTypeInfo.<CommitUnit>of(() -> CommitUnit.SERIALIZER)
                        .createSerializer(new SerializerConfigImpl()));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    private Clock clock() {
        InstantSource now = () -> Instant.ofEpochMilli(nowMillis);
        return now.withZone(ZoneOffset.UTC);
    }

    private CommitUnit checkpoint(long id, WriterReport... reports) throws Exception {
        harness.getOutput().clear();
        writersReport(id, reports);
        harness.getOutput().clear();
        harness.prepareSnapshotPreBarrier(id);
        return units().findFirst().orElseThrow();
    }

    private static WriterReport report(long tick, DropOperation... drops) {
        return new WriterReport(
                Map.of(P0, progress(tick)),
                Map.of(),
                List.of("t-dml_1"),
                List.of(drops),
                List.of(),
                List.of(),
                Map.of(P0, List.of(new TickMark(tick, MqPosition.ofKafkaOffset(tick - 1)))),
                Map.of(),
                Map.of());
    }

    private static WriterReport waiting(long tick, long collection, long ts, DropOperation drop) {
        return new WriterReport(
                Map.of(P0, progress(tick)),
                Map.of(collection, ts),
                List.of("t-dml_1"),
                List.of(drop),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of());
    }

    private static ChannelProgress progress(long tick) {
        return new ChannelProgress(tick, MqPosition.ofKafkaOffset(tick));
    }

    private static DropOperation drop(long timestamp) {
        return new DropOperation(
                DropOperation.Kind.COLLECTION, timestamp, 444, 0, 4_440, "default", "c", "", 0);
    }

    private SinkConfig config(boolean exactlyOnce) {
        return new SinkConfig(
                "task",
                "",
                new EtcdConfig(List.of("unused"), "by-dev/meta", "", ""),
                new SourceChannels(
                        "unused", "by-dev-rootcoord-dml", "by-dev-replicate-msg", Map.of()),
                TargetConfig.of("unused", "", Duration.ofSeconds(1)),
                ReplicationScope.EVERYTHING,
                start,
                exactlyOnce,
                new RetryPolicy(Duration.ZERO, Duration.ZERO, Duration.ZERO, SETTLE));
    }

    private final class OneLivePchannel implements SourceView {
        @Override
        public Map<String, Long> livePchannels() throws IOException {
            if (sourceRefuses) {
                throw new SourceRefusedException("etcd refuses the login", null);
            }
            if (!sourceAnswers) {
                throw new IOException("etcd doesn't answer");
            }
            return live;
        }

        @Override
        public Map<String, MqPosition> ends() {
            return ends;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Halts the process at every single step of the protocol, and twice, and restores it from the last
 * completed checkpoint: what the target shows is always every row once.
 */
final class ProtocolCrashTest {

    static final long COLLECTION = 444;
    private static final SinkConfig CONFIG = config(true);

    private List<ChannelMessage> source = SourceMessages.ticksAndRows(COLLECTION, 40);
    private List<ChannelMessage> toRead = source;
    private final StandbyDouble target = new StandbyDouble();

    /** What a completed checkpoint holds. */
    private record Checkpoint(
            int nextMessage,
            List<WriterState> writer,
            OperatorSubtaskState coordinator,
            List<CommitUnit> uncommitted) {}

    private Checkpoint last = new Checkpoint(0, List.of(), null, List.of());

    static SinkConfig config(boolean exactlyOnce) {
        return new SinkConfig(
                "task",
                "",
                new EtcdConfig(List.of("unused"), "by-dev/meta", "", ""),
                new SourceChannels(
                        "unused", "by-dev-rootcoord-dml", "by-dev-replicate-msg", Map.of()),
                TargetConfig.of("unused", "", Duration.ofSeconds(1)),
                ReplicationScope.EVERYTHING,
                StartPoint.BEGINNING,
                exactlyOnce,
                new RetryPolicy(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    static IntStream steps() {
        return IntStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everyRowIsShownOnceAfterAHaltAtAnyCall(int step) throws Exception {
        target.haltAfter(step);
        runToTheEnd();
        assertEveryRowOnce();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everyRowIsShownOnceAfterTwoHaltsInOneCheckpoint(int step) throws Exception {
        target.haltAfter(step);
        runUntilHalt();
        target.haltAfter(step % 3);
        runToTheEnd();
        assertEveryRowOnce();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everyRowIsShownOnceAfterAHaltBetweenCheckpointAndCommit(int step) throws Exception {
        run(step % 8, true);
        runToTheEnd();
        assertEveryRowOnce();
    }

    /** The task is deleted after some checkpoint, and one that begins at its positions follows. */
    @ParameterizedTest
    @MethodSource("steps")
    void everyRowIsShownOnceByANewTaskThatBeginsAtTheCommittedPositions(int step) throws Exception {
        source = sameTicksOnBothChannels();
        toRead = source;
        run(step % 8, true);
        CommittedPositions positions = CommittedPositions.of(Checkpoints.of(1, last.coordinator()));
        toRead =
                source.stream()
                        .filter(
                                m ->
                                        positions
                                                .of(m.pchannel())
                                                .map(mark -> m.position().compareTo(mark.at()) >= 0)
                                                .orElse(true))
                        .toList();
        List<ChannelMessage> rows =
                source.stream().filter(m -> m.type() == MsgType.Insert_VALUE).toList();
        assertThat(toRead.stream().filter(rows::contains))
                .as("the rows behind the committed tick, and no others")
                .containsExactlyElementsOf(
                        rows.stream().filter(m -> m.timestamp() > positions.tick()).toList());

        last = new Checkpoint(0, List.of(), null, List.of());
        runToTheEnd();
        assertEveryRowOnce();
    }

    /** One channel is always a row or a checkpoint ahead of the other. */
    private static List<ChannelMessage> sameTicksOnBothChannels() {
        List<ChannelMessage> messages = new ArrayList<>();
        int offset = 0;
        for (int row = 1; row <= 40; row++) {
            long ts = 1_000 + 10L * row;
            String channel = row % 3 == 0 ? SourceMessages.P1 : SourceMessages.P0;
            messages.add(SourceMessages.insert(channel, offset++, COLLECTION, row, ts));
            if (row % 4 == 0) {
                messages.add(SourceMessages.tick(SourceMessages.P0, offset++, ts + 1));
                long ahead = ts + 2;
                messages.add(
                        SourceMessages.insert(
                                SourceMessages.P0, offset++, COLLECTION, 1_000 + row, ahead));
                messages.add(SourceMessages.tick(SourceMessages.P1, offset++, ts + 1));
            }
        }
        messages.add(SourceMessages.tick(SourceMessages.P0, offset++, 9_000));
        messages.add(SourceMessages.tick(SourceMessages.P1, offset, 9_000));
        return messages;
    }

    private void assertEveryRowOnce() {
        List<ChannelMessage> rows =
                source.stream().filter(m -> m.type() == MsgType.Insert_VALUE).toList();
        assertThat(target.visible())
                .extracting(ChannelMessage::msgId)
                .containsExactlyInAnyOrderElementsOf(
                        rows.stream().map(ChannelMessage::msgId).toList());
        assertThat(target.visible())
                .extracting(ChannelMessage::timestamp)
                .containsExactlyInAnyOrderElementsOf(
                        rows.stream().map(ChannelMessage::timestamp).toList());
        assertThat(target.late()).as("rows behind a tick").isZero();
        assertThat(target.backwards()).as("ticks that went back").isZero();
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
            run(Integer.MAX_VALUE, false);
            return true;
        } catch (StandbyDouble.Halt e) {
            return false;
        }
    }

    /** One life of the process, from the last checkpoint on. */
    private void run(int checkpoints, boolean haltBeforeCommit) throws Exception {
        MilvusSinkWriter writer =
                new MilvusSinkWriter(
                        new OneCollectionRouter(),
                        target,
                        new FeedLeaseDouble(),
                        CONFIG.retries(),
                        CONFIG.channels().replicateChannel(),
                        false,
                        StartPoint.BEGINNING,
                        last.writer(),
                        UnregisteredMetricsGroup.createSinkWriterMetricGroup());
        TickCommitter committer =
                new TickCommitter(
                        "task",
                        target,
                        NoMetadata::new,
                        new FeedLeaseDouble(),
                        CONFIG.retries(),
                        Clock.systemUTC(),
                        OptionalLong.empty());
        try (OneInputStreamOperatorTestHarness<
                        CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
                coordinator = coordinator()) {
            commit(committer, last.uncommitted());
            int next = last.nextMessage();
            for (int done = 0; next < toRead.size(); done++) {
                int until = Math.min(toRead.size(), next + 7);
                for (; next < until; next++) {
                    writer.write(toRead.get(next), null);
                }
                writer.flush(false);
                CommitUnit unit = coordinate(coordinator, writer.prepareCommit());
                last =
                        new Checkpoint(
                                next,
                                writer.snapshotState(1),
                                coordinator.snapshot(done, done),
                                List.of(unit));
                if (haltBeforeCommit && done == checkpoints) {
                    return;
                }
                commit(committer, last.uncommitted());
            }
        }
    }

    private static CommitUnit coordinate(
            OneInputStreamOperatorTestHarness<
                            CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
                    coordinator,
            Collection<WriterReport> reports)
            throws Exception {
        coordinator.getOutput().clear();
        coordinator.processElement(
                new StreamRecord<>(new CommittableSummary<>(0, 1, 1, reports.size(), 1, 0)));
        for (WriterReport report : reports) {
            coordinator.processElement(
                    new StreamRecord<>(new CommittableWithLineage<>(report, 1, 0)));
        }
        coordinator.prepareSnapshotPreBarrier(1);
        return coordinator.extractOutputValues().stream()
                .filter(CommittableWithLineage.class::isInstance)
                .map(m -> ((CommittableWithLineage<CommitUnit>) m).getCommittable())
                .findFirst()
                .orElseThrow();
    }

    private OneInputStreamOperatorTestHarness<
                    CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
            coordinator() throws Exception {
        OneInputStreamOperatorTestHarness<
                        CommittableMessage<WriterReport>, CommittableMessage<CommitUnit>>
                harness =
                        new OneInputStreamOperatorTestHarness<>(
                                new TickCoordinator(
                                        CONFIG,
                                        OneLiveCollection::new,
                                        Duration.ZERO,
                                        Clock.systemUTC()));
        harness.setup(
                CommittableMessageTypeInfo.<CommitUnit>of(() -> CommitUnit.SERIALIZER)
                        .createSerializer(new SerializerConfigImpl()));
        if (last.coordinator() != null) {
            harness.initializeState(last.coordinator());
        }
        harness.open();
        harness.setProcessingTime(1);
        return harness;
    }

    private static void commit(TickCommitter committer, List<CommitUnit> units) throws Exception {
        List<Committer.CommitRequest<CommitUnit>> requests = new ArrayList<>();
        units.forEach(unit -> requests.add(new UnitRequest(unit)));
        committer.commit(requests);
    }

    /** Both shards' pchannels carry the one live collection. */
    static final class OneLiveCollection implements SourceView {
        @Override
        public Map<String, Long> livePchannels() {
            return Map.of(SourceMessages.P0, 1L, SourceMessages.P1, 1L);
        }

        @Override
        public Map<String, MqPosition> ends() {
            return new TreeMap<>();
        }

        @Override
        public void close() {}
    }

    static final class OneCollectionRouter implements Router {
        private final CollectionRoute route =
                new CollectionRoute(
                        new KnownCollection(COLLECTION, 1, "default", "c", Map.of(1L, 11L)),
                        "default",
                        "c",
                        900,
                        List.of("t-dml_3_900v0", "t-dml_5_900v1"));

        @Override
        public Routing<CollectionRoute> collection(long id) {
            return new Routing.Found<>(route);
        }

        @Override
        public Routing<Long> partition(CollectionRoute at, ChannelMessage rows, long channelTick) {
            return new Routing.Gone<>();
        }

        @Override
        public Routing<Long> droppedPartition(CollectionRoute at, ChannelMessage drop) {
            return new Routing.Gone<>();
        }

        @Override
        public KnownCollection known(long id) {
            return null;
        }

        @Override
        public String nameAtHand(long id) {
            return "default.c";
        }

        @Override
        public List<KnownCollection> known() {
            return List.of(route.toKnown());
        }

        @Override
        public Routing<List<KnownCollection>> knownAndDropped() {
            return new Routing.Found<>(List.of());
        }

        @Override
        public void forget(long id) {}

        @Override
        public Collection<String> targetPchannels() {
            return route.targetPchannels();
        }

        @Override
        public void close() {}
    }

    static class NoMetadata implements TargetMetadata {
        @Override
        public void drop(DropOperation drop) {}

        @Override
        public void apply(UserRoleOperation operation) {}

        @Override
        public void committed(long readTs, long tick, List<FlushOperation> flushes) {}

        @Override
        public Collection<String> targetPchannels() {
            return List.of();
        }

        @Override
        public List<String> pending() {
            return List.of();
        }

        @Override
        public void throwIfFailed() {}

        @Override
        public void close() {}
    }

    record UnitRequest(CommitUnit getCommittable) implements Committer.CommitRequest<CommitUnit> {
        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable t) {
            throw new AssertionError(t);
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable t) {
            throw new AssertionError(t);
        }

        @Override
        public void retryLater() {
            throw new AssertionError("not expected");
        }

        @Override
        public void updateAndRetryLater(CommitUnit committable) {
            throw new AssertionError("not expected");
        }

        @Override
        public void signalAlreadyCommitted() {
            throw new AssertionError("not expected");
        }
    }
}

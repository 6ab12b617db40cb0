// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.milvus.grpc.CreateCredentialRequest;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.failure.FeedingRefusedException;
import io.milvuscdc.connectors.failure.SourceUnreachableException;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetClient;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.connectors.target.TargetException;
import io.milvuscdc.connectors.target.TargetPartition;
import io.milvuscdc.connectors.tls.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class MilvusSinkWriterTest {

    private static final String P0 = SourceMessages.P0;
    private static final RetryPolicy QUICK =
            new RetryPolicy(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(9), Duration.ZERO);

    private final ApplierDouble target = new ApplierDouble();
    private final FeedLeaseDouble feeding = new FeedLeaseDouble();
    private final RouterDouble router = new RouterDouble();
    private NotedMetrics noted = new NotedMetrics();
    private boolean userRoles;
    private StartPoint start = StartPoint.BEGINNING;

    @Test
    void rowsGoToTheTargetsShardWithItsIdsAndTheSourcesTimestamp() throws Exception {
        router.found(444);
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.insert(SourceMessages.P1, 7, 444, 5001, 2_000), null);
        writer.flush(false);

        ChannelMessage sent = target.received().get(0);
        assertThat(sent.pchannel()).isEqualTo("t-dml_5");
        assertThat(sent.vchannel()).isEqualTo("t-dml_5_900v1");
        assertThat(sent.collectionId()).isEqualTo(900);
        assertThat(sent.partitionId()).isEqualTo(11);
        assertThat(sent.msgId()).isEqualTo(5001);
        assertThat(sent.timestamp()).isEqualTo(2_000);
    }

    @Test
    void reportsTicksAndPositionsButNeverSendsATick() throws Exception {
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.tick(P0, 41, 3_000), null);
        writer.write(SourceMessages.tick(P0, 42, 2_900), null);

        ChannelProgress progress = report(writer).progress().get(P0);
        assertThat(progress.tick()).isEqualTo(3_000);
        assertThat(progress.next().entry()).isEqualTo(43);
        assertThat(target.ticks()).isEmpty();
    }

    @Test
    void rowsOfABlockedCollectionWaitAndHoldTicksWhileOthersGoOn() throws Exception {
        router.found(444).blocked(445);
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.insert(P0, 1, 445, 1, 1_500), null);
        writer.write(SourceMessages.insert(P0, 2, 444, 2, 1_600), null);
        writer.write(SourceMessages.insert(P0, 3, 445, 3, 1_700), null);
        writer.flush(false);

        assertThat(target.rows(MsgType.Insert)).containsExactly(2L);
        assertThat(report(writer).minUnsent()).isEqualTo(1_500);
    }

    @Test
    void everythingWaitsAndHoldsTicksUntilNoOtherJobFeedsTheTarget() throws Exception {
        router.found(444);
        feeding.setHeld(false);
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.insert(P0, 1, 444, 1, 1_500), null);
        writer.write(SourceMessages.insert(P0, 2, 444, 2, 1_600), null);
        writer.flush(false);
        assertThat(target.received()).isEmpty();
        assertThat(report(writer).minUnsent()).isEqualTo(1_500);

        feeding.setHeld(true);
        writer.flush(false);
        assertThat(target.rows(MsgType.Insert)).containsExactly(1L, 2L);
        assertThat(report(writer).minUnsent()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsQueuedWaitsTooWhenTheRightToSendIsLost() throws Exception {
        router.found(444);
        MilvusSinkWriter writer = writer();
        target.hold();
        writer.write(SourceMessages.insert(P0, 1, 444, 1, 1_500), null);
        writer.write(SourceMessages.insert(P0, 2, 444, 2, 1_600), null);
        feeding.setHeld(false);
        target.answerOne();
        assertThat(target.rows(MsgType.Insert)).containsExactly(1L);

        feeding.setHeld(true);
        assertThat(target.rows(MsgType.Insert)).containsExactly(1L, 2L);
    }

    @Test
    void nothingIsSentIntoATargetThatAnotherJobFeeds() {
        router.found(444);
        feeding.refuse();
        MilvusSinkWriter writer = writer();
        assertThatThrownBy(() -> writer.write(SourceMessages.insert(P0, 1, 444, 1, 1_500), null))
                .isInstanceOf(FeedingRefusedException.class);
        assertThat(target.received()).isEmpty();
        writer.close();
        assertThat(feeding.isClosed()).isTrue();
    }

    @Test
    void waitingRowsSurviveARestartAndGoOutInOrder() throws Exception {
        router.blocked(445);
        MilvusSinkWriter before = writer();
        for (int row = 1; row <= 3; row++) {
            before.write(SourceMessages.insert(P0, row, 445, row, 1_500 + row), null);
        }
        before.flush(false);
        List<WriterState> state = before.snapshotState(1);

        router.found(445);
        MilvusSinkWriter after = writer(state);
        after.write(SourceMessages.insert(P0, 4, 445, 4, 1_600), null);
        after.flush(false);

        assertThat(target.rows(MsgType.Insert)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(report(after).minUnsent()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void tellsHowFarWhatWaitsGoesInEachChannelAlsoAfterARestart() throws Exception {
        router.blocked(445);
        MilvusSinkWriter before = writer();
        before.write(SourceMessages.insert(P0, 1, 445, 1, 1_700), null);
        before.write(SourceMessages.insert(P0, 2, 445, 2, 1_600), null);
        before.flush(false);
        assertThat(report(before).unsentUpTo()).isEqualTo(Map.of(P0, 1_700L));

        MilvusSinkWriter after = writer(before.snapshotState(1));
        assertThat(report(after).unsentUpTo()).isEqualTo(Map.of(P0, 1_700L));
        router.found(445);
        after.flush(false);
        assertThat(report(after).unsentUpTo()).isEmpty();
    }

    @Test
    void rowsOfAPartitionThatWaitsForItsOlderDropWaitToo() throws Exception {
        router.found(444);
        MilvusSinkWriter writer = writer();
        router.partition("p", new Routing.Blocked<>("older"));
        writer.write(SourceMessages.insertInto(P0, 1, 444, 2, "p", 1, 1_500), null);
        writer.flush(false);
        assertThat(target.rows(MsgType.Insert)).isEmpty();

        router.partition("p", new Routing.Found<>(77L));
        writer.flush(false);
        assertThat(target.received()).extracting(ChannelMessage::partitionId).containsExactly(77L);
    }

    @Test
    void rowsThatWaitInTheStateReportNoProgressOfTheirChannel() throws Exception {
        router.found(444);
        router.partition("p", new Routing.Blocked<>("older"));
        MilvusSinkWriter before = writer();
        before.write(SourceMessages.insertInto(P0, 1, 444, 2, "p", 1, 1_500), null);

        MilvusSinkWriter after = writer(before.snapshotState(1));
        after.flush(false);

        assertThat(report(after).progress()).isEmpty();
    }

    @Test
    void aPartitionsDropWaitsForATargetThatDoesNotAnswerAndHoldsTicksAndIsThenReportedOnce()
            throws Exception {
        AtomicLong now = new AtomicLong();
        Patience patience = new Patience(now::get);
        List<RuntimeException> silence = new ArrayList<>(List.of(silence()));
        PartitionFinder finder =
                new PartitionFinder(
                        collection -> List.of(),
                        (route, name) -> {
                            if (!silence.isEmpty()) {
                                throw silence.get(0);
                            }
                            return Optional.of(new TargetPartition(77, name, 1));
                        });
        router.found(444).drops((at, drop) -> patience.ask(() -> finder.ofDrop(at, drop)));
        router.partition("p", new Routing.Blocked<>("waits for its older drop"));
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.insertInto(P0, 1, 444, 2, "p", 1, 1_500), null);
        writer.write(SourceMessages.dropPartition(P0, 2, 444, 1, "p", 1_600), null);
        writer.write(SourceMessages.insert(P0, 3, 444, 3, 1_700), null);
        writer.flush(false);

        assertThat(target.received()).isEmpty();
        assertThat(report(writer).drops()).isEmpty();
        assertThat(report(writer).minUnsent()).isEqualTo(1_500);

        // it waits in the state, too
        MilvusSinkWriter after = writer(writer.snapshotState(1));
        silence.clear();
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        after.flush(false);

        WriterReport report = report(after);
        assertThat(report.drops())
                .as("it passes the rows that wait for it")
                .extracting(DropOperation::targetPartitionId, DropOperation::timestamp)
                .containsExactly(tuple(77L, 1_600L));
        assertThat(target.rows(MsgType.Insert)).isEmpty();
        router.partition("p", new Routing.Found<>(78L));
        after.flush(false);
        assertThat(target.rows(MsgType.Insert)).containsExactly(1L, 3L);
        assertThat(report(after).drops()).isEmpty();
        assertThat(report(after).minUnsent()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theDropOfAPartitionThatTheReconcilerMayBeMakingIsReported() throws Exception {
        router.found(444).drops((at, drop) -> new Routing.Gone<>());
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.dropPartition(P0, 1, 444, 1, "p", 1_600), null);

        assertThat(report(writer).drops())
                .extracting(
                        DropOperation::partitionId,
                        DropOperation::partition,
                        DropOperation::targetPartitionId)
                .containsExactly(tuple(1L, "p", DropOperation.NOT_MET));
        assertThat(target.received()).isEmpty();
    }

    @Test
    void theDropOfAPartitionWhoseNameAnotherHasIsNotReported() throws Exception {
        router.found(444).drops((at, drop) -> new Routing.Outside<>());
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.dropPartition(P0, 1, 444, 1, "p", 1_600), null);

        assertThat(report(writer).drops()).isEmpty();
    }

    /** What a call to a target ends with where nobody listens. */
    private static TargetException silence() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (TargetClient nobody =
                new TargetClient(
                        new TargetConfig(
                                "http://127.0.0.1:" + port,
                                "",
                                TlsConfig.SYSTEM,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                1))) {
            return catchThrowableOfType(
                    TargetException.class, () -> nobody.partitions("default", "c"));
        }
    }

    @Test
    void rowsOfWhatIsGoneAreSkippedNotWaitedFor() throws Exception {
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.insert(P0, 1, 999, 1, 1_500), null);
        writer.flush(false);

        assertThat(target.received()).isEmpty();
        assertThat(report(writer).minUnsent()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theDropOfACollectionThatNobodyRemembersIsCounted() throws Exception {
        router.forgotten(999);
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.dropCollection(P0, 1, 999, 1_500), null);
        writer.write(SourceMessages.dropCollection(SourceMessages.P1, 1, 999, 1_500), null);
        writer.write(SourceMessages.dropCollection(P0, 2, 998, 1_600), null);

        assertThat(report(writer).drops())
                .extracting(DropOperation::collectionId)
                .containsExactly(998L);
        assertThat(noted.number("dropsNotFound")).isEqualTo(2);
    }

    @Test
    void aCreateThatTheSourceHasUndoneLeavesNothingToLookFor() throws Exception {
        router.forgotten(999);
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.undoneCreate(P0, 1, 999, 1_500), null);

        assertThat(report(writer).drops()).isEmpty();
        assertThat(noted.number("dropsNotFound")).isZero();
    }

    @Test
    void collectionsThatAreDroppedLongAgoAreForgotten() throws Exception {
        MilvusSinkWriter writer = writer();
        for (int id = 1; id <= 1_000; id++) {
            router.found(id);
            long drop = Tso.of(TimeUnit.MINUTES.toMillis(id), 0);
            writer.write(SourceMessages.insert(P0, 3L * id, id, id, drop - 1), null);
            writer.write(SourceMessages.dropCollection(P0, 3L * id + 1, id, drop), null);
            writer.write(SourceMessages.tick(P0, 3L * id + 2, drop), null);
        }
        writer.flush(false);

        assertThat(known(writer)).as("the last ten minutes and now").hasSize(11);
        assertThat(report(writer).drops()).hasSize(1_000);
    }

    @Test
    void aDroppedCollectionIsRememberedAsLongAsRowsOfItWait() throws Exception {
        router.found(444);
        router.partition("p", new Routing.Blocked<>("older"));
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.insertInto(P0, 1, 444, 2, "p", 1, 1_500), null);
        writer.write(SourceMessages.dropCollection(P0, 2, 444, 1_600), null);
        writer.write(SourceMessages.tick(P0, 3, Tso.of(TimeUnit.HOURS.toMillis(1), 0)), null);
        assertThat(known(writer)).containsExactly(444L);

        router.partition("p", new Routing.Found<>(77L));
        writer.flush(false);
        writer.write(SourceMessages.tick(P0, 4, Tso.of(TimeUnit.HOURS.toMillis(1), 1)), null);
        assertThat(known(writer)).isEmpty();
        assertThat(report(writer).drops()).hasSize(1);
    }

    @Test
    void collectionsWhoseDropsAnEarlierRunHasHandedOnAreForgottenAfterARestart() throws Exception {
        router.found(444).found(445);
        List<WriterState> state = writer().snapshotState(1);
        router.dropped(444).silent(new SourceUnreachableException("etcd is away", null));
        MilvusSinkWriter after = writer(state);
        after.write(SourceMessages.tick(P0, 1, tsoIn(Duration.ofMinutes(11))), null);
        assertThat(known(after)).hasSize(2);

        router.silent(null);
        after.write(SourceMessages.tick(P0, 2, tsoIn(Duration.ofMinutes(9))), null);
        assertThat(known(after)).as("its rows may still come").hasSize(2);
        after.write(SourceMessages.tick(P0, 3, tsoIn(Duration.ofMinutes(12))), null);
        assertThat(known(after)).containsExactly(445L);
    }

    private static long tsoIn(Duration fromNow) {
        return Tso.of(System.currentTimeMillis() + fromNow.toMillis(), 0);
    }

    private static List<Long> known(MilvusSinkWriter writer) {
        return writer.snapshotState(1).get(0).known().stream().map(KnownCollection::id).toList();
    }

    @Test
    void nothingOfACollectionOutsideTheSelectionIsSentOrReported() throws Exception {
        router.outside(444);
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.insert(P0, 1, 444, 1, 1_500), null);
        writer.write(SourceMessages.dropPartition(P0, 2, 444, 1, "p", 1_600), null);
        writer.write(SourceMessages.dropCollection(P0, 3, 444, 1_700), null);
        writer.flush(false);

        assertThat(target.received()).isEmpty();
        WriterReport report = report(writer);
        assertThat(report.drops()).isEmpty();
        assertThat(report.minUnsent()).isEqualTo(Long.MAX_VALUE);
        assertThat(report.progress().get(P0).next().entry()).isEqualTo(4);
    }

    @Test
    void aCollectionBeginsAtItsOwnPositionOnEachOfItsChannels() throws Exception {
        router.found(444).found(445);
        start =
                new StartPoint(
                        Map.of(
                                P0,
                                MqPosition.ofKafkaOffset(1),
                                SourceMessages.P1,
                                MqPosition.ofKafkaOffset(1)),
                        Map.of(
                                444L,
                                Map.of(
                                        P0,
                                        MqPosition.ofKafkaOffset(3),
                                        SourceMessages.P1,
                                        MqPosition.ofKafkaOffset(2))));
        MilvusSinkWriter writer = writer();
        for (int offset = 1; offset <= 4; offset++) {
            writer.write(SourceMessages.insert(P0, offset, 444, offset, 1_500), null);
            writer.write(
                    SourceMessages.insert(SourceMessages.P1, offset, 444, 10 + offset, 1_500),
                    null);
            writer.write(SourceMessages.insert(P0, offset, 445, 20 + offset, 1_500), null);
        }
        writer.flush(false);

        assertThat(target.rows(MsgType.Insert))
                .containsExactlyInAnyOrder(3L, 4L, 12L, 13L, 14L, 21L, 22L, 23L, 24L);
    }

    @Test
    void whatTheTargetHasByTheStartPositionsTimestampIsLeftOutWhereverItStands() throws Exception {
        router.found(444).found(445);
        start =
                new StartPoint(
                        Map.of(P0, MqPosition.ofKafkaOffset(1)),
                        Map.of(),
                        Map.of(444L, Map.of(P0, 1_500L)));
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.tick(P0, 1, 1_400), null);
        writer.write(SourceMessages.insert(P0, 2, 444, 2, 1_501), null);
        writer.write(SourceMessages.insert(P0, 3, 444, 3, 1_450), null);
        writer.write(SourceMessages.insert(P0, 4, 445, 4, 1_450), null);
        writer.write(SourceMessages.insert(SourceMessages.P1, 5, 444, 5, 1_450), null);
        writer.write(SourceMessages.dropCollection(P0, 6, 444, 1_500), null);
        writer.write(SourceMessages.insert(P0, 7, 444, 7, 1_600), null);
        writer.flush(false);

        assertThat(target.rows(MsgType.Insert)).containsExactlyInAnyOrder(2L, 4L, 5L, 7L);
        assertThat(report(writer).drops()).isEmpty();
    }

    @Test
    void whatTheTargetHasIsLeftOutAfterARestartToo() throws Exception {
        router.found(444);
        start =
                new StartPoint(
                        Map.of(P0, MqPosition.ofKafkaOffset(1)),
                        Map.of(),
                        Map.of(444L, Map.of(P0, 1_500L)));
        MilvusSinkWriter before = writer();
        before.write(SourceMessages.insert(P0, 1, 444, 1, 1_450), null);
        before.flush(false);
        MilvusSinkWriter after = writer(before.snapshotState(1));
        after.write(SourceMessages.insert(P0, 2, 444, 2, 1_500), null);
        after.write(SourceMessages.insert(P0, 3, 444, 3, 1_501), null);
        after.flush(false);

        assertThat(target.rows(MsgType.Insert)).containsExactly(3L);
    }

    @Test
    void changesOfUsersAndRolesAreHandedOnInOrderWhenTheyAreAskedFor() throws Exception {
        userRoles = true;
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.createUser("by-dev-replicate-msg", 1, "first"), null);
        writer.write(SourceMessages.createUser("by-dev-replicate-msg", 2, "second"), null);

        WriterReport report = report(writer);
        assertThat(report.userRoles())
                .extracting(o -> CreateCredentialRequest.parseFrom(o.request()).getUsername())
                .containsExactly("first", "second");
        assertThat(report(writer).userRoles()).isEmpty();
        assertThat(report.progress()).isEmpty();
    }

    @Test
    void changesOfUsersAndRolesAreKnownAndIgnoredOtherwise() throws Exception {
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.createUser("by-dev-replicate-msg", 1, "first"), null);

        assertThat(report(writer).userRoles()).isEmpty();
    }

    @Test
    void aDropGoesToAllOfTheTargetsPchannelsAndIsReported() throws Exception {
        router.found(444);
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.dropCollection(P0, 9, 444, 4_000), null);
        writer.flush(false);

        assertThat(target.received())
                .extracting(ChannelMessage::pchannel)
                .containsExactlyInAnyOrder("t-dml_3", "t-dml_5");
        assertThat(target.received()).allSatisfy(m -> assertThat(m.collectionId()).isEqualTo(900));
        DropOperation drop = report(writer).drops().get(0);
        assertThat(drop.kind()).isEqualTo(DropOperation.Kind.COLLECTION);
        assertThat(drop.timestamp()).isEqualTo(4_000);
        assertThat(drop.createTs()).isEqualTo(4_440);
        assertThat(report(writer).drops()).isEmpty();
    }

    @Test
    void theDropOfACollectionThatIsGoneIsReportedInCaseTheReconcilerMadeIt() throws Exception {
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.dropCollection(P0, 9, 999, 4_000), null);

        assertThat(report(writer).drops()).hasSize(1);
        assertThat(target.received()).isEmpty();
    }

    @Test
    void betweenCheckpointsItReportsWhatIsAcknowledgedAndNothingTwice() throws Exception {
        router.found(444);
        target.hold();
        MilvusSinkWriter writer = writer();
        assertThat(writer.pollReport()).isPresent();
        writer.write(SourceMessages.insert(P0, 1, 444, 1, 1_500), null);
        writer.write(SourceMessages.tick(P0, 2, 1_600), null);
        assertThat(writer.pollReport()).as("not acknowledged").isEmpty();
        writer.write(SourceMessages.tick(P0, 3, 1_700), null);
        target.answerOne();

        assertThat(writer.pollReport().orElseThrow().progress().get(P0).tick()).isEqualTo(1_600);
        assertThat(writer.pollReport().orElseThrow().progress().get(P0).tick()).isEqualTo(1_700);
        assertThat(writer.pollReport()).as("nothing new").isEmpty();
    }

    @Test
    void aCheckpointTakesAlongTheReportThatWasNotAcknowledgedBefore() throws Exception {
        router.found(444);
        target.hold();
        MilvusSinkWriter writer = writer();
        writer.write(SourceMessages.dropCollection(P0, 9, 444, 4_000), null);
        assertThat(writer.pollReport()).isEmpty();
        for (int open = target.received().size(); open > 0; open--) {
            target.answerOne();
        }
        writer.flush(false);

        assertThat(writer.prepareCommit()).flatMap(WriterReport::drops).hasSize(1);
    }

    private MilvusSinkWriter writer() {
        return writer(List.of());
    }

    @Test
    void tellsByCollectionWhatWaitsAlsoAfterARestartUntilItIsSent() throws Exception {
        long millis = 1_700_000_000_000L;
        String from = "collection.445.waitingFromMillis";
        router.blocked(445);
        MilvusSinkWriter before = writer();
        before.write(SourceMessages.insert(P0, 1, 445, 1, Tso.of(millis, 0)), null);
        before.write(SourceMessages.insert(P0, 2, 445, 2, Tso.of(millis + 900, 0)), null);
        before.flush(false);
        assertThat(noted.number(from)).isEqualTo(millis);
        assertThat(noted.text("collection.445.waitingReason")).contains("an older collection");

        List<WriterState> state = before.snapshotState(1);
        noted = new NotedMetrics();
        MilvusSinkWriter after = writer(state);
        assertThat(noted.number(from)).isEqualTo(millis);
        router.found(445);
        after.flush(false);
        assertThat(noted.number(from)).isZero();
        assertThat(noted.number("collection.445.database.default.name.c.lastRowMillis"))
                .isEqualTo(millis + 900);

        after.write(SourceMessages.dropCollection(P0, 3, 445, Tso.of(millis + 1_000, 0)), null);
        assertThat(noted.number("collection.445.dropped")).isEqualTo(1);
    }

    private MilvusSinkWriter writer(List<WriterState> state) {
        return new MilvusSinkWriter(
                router,
                target,
                feeding,
                QUICK,
                "by-dev-replicate-msg",
                userRoles,
                start,
                state,
                noted.ofWriter());
    }

    private static WriterReport report(MilvusSinkWriter writer) {
        return writer.prepareCommit().iterator().next();
    }
}

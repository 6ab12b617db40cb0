// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.MilvusSource;
import io.milvuscdc.connectors.source.SourceException;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.e2e.pulsar.SourceDriver.Checkpoint;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.PulsarServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What has to be true of whichever code reads Pulsar, on real brokers whose ledgers have ten
 * entries and which keep nothing that no subscription needs. flink-connector-pulsar 4.1.0-1.18
 * fails {@link #losesAndDoublesNothingWhenKilledAtEveryMessage} on batches (FLINK-36180), and every
 * test of a removed position.
 */
@ParameterizedClass
@ValueSource(strings = {PulsarServer.Options.USUAL, PulsarServer.Options.NEW})
final class PulsarSourceITCase {

    private static final Duration SILENCE = Duration.ofMillis(300);

    private static PulsarServer server;

    @Parameter String version;

    private PulsarChannels milvus;
    private String task;
    private String channel;

    @BeforeParameterizedClassInvocation
    static void startServer(String version) {
        server =
                PulsarServer.start(
                        ServerCache.fetchWithPulsar(version),
                        new FreePorts(),
                        ServerDirectory.of("pulsar-source-" + version),
                        PulsarServer.Options.of(version)
                                .with("managedLedgerMaxEntriesPerLedger", 10)
                                .with("managedLedgerMinLedgerRolloverTimeMinutes", 0)
                                // else it writes down a second move in a second a minute later
                                .with("managedLedgerDefaultMarkDeleteRateLimit", 0));
    }

    @AfterParameterizedClassInvocation
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() throws Exception {
        task = UUID.randomUUID().toString();
        milvus = new PulsarChannels(server, "m" + task.substring(0, 8));
        channel = milvus.pchannel(0);
    }

    @AfterEach
    void disconnect() throws Exception {
        milvus.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesAndDoublesNothingWhenKilledAtEveryMessage(boolean batched) throws Exception {
        int count = 23;
        milvus.keep(channel);
        if (batched) {
            milvus.writeBatched(channel, 1, count);
        } else {
            milvus.write(channel, 1, count);
        }
        List<Long> read = new ArrayList<>();
        Checkpoint last = null;
        for (int i = 0; i < count; i++) {
            try (SourceDriver<?, ?> source = i == 0 ? start() : restore(last)) {
                read.add(source.next().timestamp());
                last = source.completeCheckpoint(i);
            }
        }

        assertThat(read).isEqualTo(numbers(1, count));
        try (SourceDriver<?, ?> source = restore(last)) {
            assertThat(source.next(SILENCE)).isNull();
        }
    }

    @Test
    void goesBackToTheLastCheckpointWhenKilledBehindIt() throws Exception {
        milvus.keep(channel);
        milvus.write(channel, 1, 60);
        Checkpoint last;
        try (SourceDriver<?, ?> source = start()) {
            source.next(20);
            last = source.completeCheckpoint(1);
            source.next(15);
            source.checkpoint(2);
        }
        try (SourceDriver<?, ?> source = restore(last)) {
            assertThat(source.next(40)).isEqualTo(numbers(21, 60));
        }
    }

    @Test
    void startsAtAnyMessageAndBehindTheLast() throws Exception {
        milvus.keep(channel);
        List<MessageId> ids = milvus.write(channel, 1, 25);
        for (int first : List.of(1, 2, 10, 11, 12, 21, 25)) {
            MqPosition start = MqMessageIds.PULSAR.decode(asMilvusKeepsIt(ids.get(first - 1)));
            try (SourceDriver<?, ?> source = startAt(start)) {
                assertThat(source.next(26 - first)).isEqualTo(numbers(first, 25));
            }
        }

        try (ChannelEnds broker = milvus.channels().queue().ends(milvus.channels())) {
            assertThat(broker.begins()).isEqualTo(Map.of(channel, position(ids.get(0))));
        }
        MqPosition end = ends().get(channel);
        milvus.write(channel, 26, 31);
        try (SourceDriver<?, ?> source = startAt(end)) {
            assertThat(source.next(6)).isEqualTo(numbers(26, 31));
        }
    }

    private static ByteString asMilvusKeepsIt(MessageId id) {
        return ByteString.copyFrom(id.toByteArray());
    }

    @Test
    void nothingIsLostDoubledOrThoughtReadWhenTheBrokerEndsAndComesBack() throws Exception {
        milvus.keep(channel);
        milvus.write(channel, 1, 300);
        String pausedTask = UUID.randomUUID().toString();
        try (PulsarChannels others = new PulsarChannels(server, "p" + pausedTask.substring(0, 8));
                QuietChannels quiet = new QuietChannels(server, "q" + pausedTask.substring(0, 8));
                SourceDriver<?, ?> source = start()) {
            Checkpoint paused = pauseInTheMiddle(others, pausedTask);
            quiet.fill();
            quiet.awaitRightEnds();
            assertThat(source.next(20)).isEqualTo(numbers(1, 20));

            endAndStartBroker();

            milvus.write(channel, 301, 320);
            assertThat(source.next(300)).isEqualTo(numbers(21, 320));
            assertThat(source.next(SILENCE)).isNull();
            quiet.awaitRightEnds();
            quiet.writeMore();
            quiet.awaitRightEnds();
            others.write(others.pchannel(0), 96, 120);
            try (SourceDriver<?, ?> resumed =
                    SourceDriver.restore(
                            MilvusSource.of(others.channels(), StartPoint.BEGINNING, pausedTask),
                            paused)) {
                assertThat(resumed.next(115)).isEqualTo(numbers(6, 120));
            }
        }
    }

    private static Checkpoint pauseInTheMiddle(PulsarChannels channels, String task)
            throws Exception {
        channels.write(channels.pchannel(0), 1, 5);
        Checkpoint last;
        try (SourceDriver<?, ?> source =
                SourceDriver.start(
                        MilvusSource.of(channels.channels(), StartPoint.BEGINNING, task))) {
            source.next(5);
            last = source.completeCheckpoint(1);
        }
        channels.write(channels.pchannel(0), 6, 95);
        return last;
    }

    private void endAndStartBroker() {
        if (version.equals(PulsarServer.Options.NEW)) {
            server.killAndRestart();
        } else {
            server.restart();
        }
    }

    @Test
    void tellsHowMuchIsUnreadAndHowFarItIs() throws Exception {
        milvus.keep(channel);
        List<MessageId> ids = milvus.write(channel, 1, 8);
        try (SourceDriver<?, ?> source = start()) {
            source.next(5);
            assertThat(source.metric("currentLedger")).isEqualTo(position(ids.get(4)).ledger());
            assertThat(source.metric("currentEntry")).isEqualTo(4L);
            awaitPending(source, 3, 3);
            milvus.write(channel, 9, 14);
            awaitPending(source, 7, 9);
            source.next(9);
            awaitPending(source, 0, 0);
        }
    }

    private static void awaitPending(SourceDriver<?, ?> source, long atLeast, long atMost) {
        Await.until(
                "pendingRecords to be " + atLeast + " to " + atMost,
                Await.PATIENCE,
                () -> {
                    long now = (Long) source.metric("pendingRecords");
                    return now >= atLeast && now <= atMost;
                });
    }

    @Test
    void readsManyChannelsInOneReaderAndFindsNewOnes() throws Exception {
        for (int i = 0; i < 16; i++) {
            milvus.keep(milvus.pchannel(i));
            milvus.write(milvus.pchannel(i), 1, 20);
        }
        Map<String, List<Long>> read = new TreeMap<>();
        Checkpoint last;
        try (SourceDriver<?, ?> source = start()) {
            take(source, 120, read);
            last = source.completeCheckpoint(1);
        }
        milvus.keep(milvus.pchannel(16));
        milvus.keep(milvus.channels().replicateChannel());
        milvus.write(milvus.pchannel(16), 1, 20);
        milvus.write(milvus.channels().replicateChannel(), 1, 20);
        milvus.write("another-rootcoord-dml_0", 1, 1);
        try (SourceDriver<?, ?> source = restore(last)) {
            take(source, 18 * 20 - 120, read);
            assertThat(source.next(SILENCE)).isNull();
            milvus.keep(milvus.pchannel(17));
            milvus.write(milvus.pchannel(17), 1, 20);
            source.discover();
            take(source, 20, read);
        }

        assertThat(read).hasSize(19);
        assertThat(read.values()).allSatisfy(its -> assertThat(its).isEqualTo(numbers(1, 20)));
    }

    private static void take(SourceDriver<?, ?> source, int count, Map<String, List<Long>> into)
            throws Exception {
        for (int i = 0; i < count; i++) {
            var message = source.next();
            into.computeIfAbsent(message.pchannel(), name -> new ArrayList<>())
                    .add(message.timestamp());
        }
    }

    @Test
    void aPausedChannelWaitsWhileAnotherGoesOn() throws Exception {
        milvus.write(channel, 1, 1);
        milvus.write(milvus.pchannel(1), 1, 1);
        try (SourceDriver<?, ?> source = start()) {
            source.next(2);
            source.pause(channel);
            milvus.write(channel, 2, 300);
            milvus.write(milvus.pchannel(1), 2, 300);
            Map<String, List<Long>> read = new TreeMap<>();
            take(source, 299, read);
            // what had been on its way when it was paused may still come
            assertThat(read.get(milvus.pchannel(1))).hasSizeGreaterThan(100);
            source.resume(channel);
            take(source, 299, read);
            assertThat(read.values()).allSatisfy(its -> assertThat(its).isEqualTo(numbers(2, 300)));
        }
    }

    @Test
    void theBrokerKeepsWhatAPausedTaskHasNotReadAndNoMore() throws Exception {
        MqPosition first = position(milvus.write(channel, 1, 5).get(0));
        Checkpoint last;
        try (SourceDriver<?, ?> source = start()) {
            source.next(5);
            last = source.completeCheckpoint(1);
        }
        milvus.write(channel, 6, 200);
        try (SourceDriver<?, ?> source = restore(last)) {
            assertThat(source.next(195)).isEqualTo(numbers(6, 200));
            source.completeCheckpoint(2);
            Await.until(
                    "the subscription to have moved",
                    Await.PATIENCE,
                    () -> milvus.stats(channel, "stats").contains("\"msgBacklog\":1,"));
            milvus.write(channel, 201, 215);
            awaitRemoval(first);
            assertThat(source.next(15)).isEqualTo(numbers(201, 215));
        }

        milvus.channels().queue().release(milvus.channels(), task);
        assertThat(milvus.stats(channel, "stats")).contains("\"subscriptions\":{}");
        milvus.channels().queue().release(milvus.channels(), task);
    }

    @Test
    void aSubscriptionIsRemovedAlthoughItsLastReaderIsStillLeaving() throws Exception {
        milvus.write(channel, 1, 5);
        CompletableFuture<Void> released;
        try (SourceDriver<?, ?> source = start()) {
            source.next(5);
            long readers = consumers();
            released =
                    CompletableFuture.runAsync(
                            () ->
                                    assertThatCode(
                                                    () ->
                                                            milvus.channels()
                                                                    .queue()
                                                                    .release(
                                                                            milvus.channels(),
                                                                            task))
                                            .doesNotThrowAnyException());
            Await.until(
                    "both to be connected",
                    Await.PATIENCE,
                    () -> consumers() > readers || released.isDone());
        }

        released.get(1, TimeUnit.MINUTES);

        assertThat(milvus.stats(channel, "stats")).contains("\"subscriptions\":{}");
    }

    private long consumers() throws Exception {
        return milvus.stats(channel, "stats").split("\"consumerName\"", -1).length - 1L;
    }

    @Test
    void aStartPositionThatRetentionRemovedIsAnError() throws Exception {
        List<MessageId> ids = milvus.write(channel, 1, 55);
        MqPosition gone = position(ids.get(3));
        awaitRemoval(gone);
        try (SourceDriver<?, ?> source = startAt(gone)) {
            assertThatThrownBy(source::next)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining(channel)
                    .hasMessageContaining(gone.ledger() + ":")
                    .hasMessageContaining("create the task again");
        }
    }

    @Test
    void aCheckpointWhosePositionWasRemovedIsAnError() throws Exception {
        milvus.write(channel, 1, 5);
        Checkpoint last;
        MqPosition read;
        try (SourceDriver<?, ?> source = start()) {
            read = lastOf(4, source);
            last = source.completeCheckpoint(1);
        }
        milvus.write(channel, 6, 40);
        assertThat(milvus.stats(channel, "stats")).contains(PulsarQueue.subscription(task));
        milvus.unsubscribe(channel, PulsarQueue.subscription(task));
        milvus.write(channel, 41, 60);
        awaitRemoval(read);
        try (SourceDriver<?, ?> source = restore(last)) {
            assertThatThrownBy(source::next)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining(channel)
                    .hasMessageContaining(read.ledger() + ":" + read.entry());
        }
    }

    @Test
    void aCheckpointWhoseWholeChannelWasRemovedIsAnError() throws Exception {
        milvus.write(channel, 1, 10);
        Checkpoint last;
        MqPosition read;
        try (SourceDriver<?, ?> source = start()) {
            read = lastOf(10, source);
            last = source.completeCheckpoint(1);
        }
        milvus.channels().queue().release(milvus.channels(), task);
        milvus.delete(channel);
        try (SourceDriver<?, ?> source = restore(last)) {
            assertThatThrownBy(source::next)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining(channel)
                    .hasMessageContaining(read.ledger() + ":" + read.entry());
        }
    }

    @Test
    void messagesThatAreRemovedInTheMiddleAreAnError() throws Exception {
        milvus.write(channel, 1, 1);
        try (SourceDriver<?, ?> source = start()) {
            MqPosition read = source.next().position();
            milvus.write(channel, 2, 2000);
            milvus.clearBacklog(channel, PulsarQueue.subscription(task));
            milvus.write(channel, 2001, 2020);
            awaitRemoval(read);
            assertThatThrownBy(
                            () -> {
                                long before = 1;
                                while (before < 2020) {
                                    long now = source.next().timestamp();
                                    assertThat(now).isEqualTo(before + 1);
                                    before = now;
                                }
                            })
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining(channel);
        }
    }

    @Test
    void theLastMessageOfAQuietChannelMayExpire() throws Exception {
        milvus.write(channel, 1, 10);
        MqPosition read;
        Checkpoint last;
        try (SourceDriver<?, ?> source = start()) {
            read = lastOf(10, source);
            last = seenAtItsEnd(source);
            expire(read);
            milvus.write(channel, 11, 11);
            assertThat(source.next(1)).isEqualTo(numbers(11, 11));
        }
        // as when nothing is there any more, but written while it was away
        try (SourceDriver<?, ?> source = restore(last)) {
            assertThat(source.next(1)).isEqualTo(numbers(11, 11));
            milvus.write(channel, 12, 14);
            assertThat(source.next(3)).isEqualTo(numbers(12, 14));
        }
    }

    @Test
    void aTaskComesBackToAChannelOfWhichEverythingHasExpired() throws Exception {
        milvus.write(channel, 1, 10);
        MqPosition read;
        Checkpoint last;
        try (SourceDriver<?, ?> source = start()) {
            read = lastOf(10, source);
            last = seenAtItsEnd(source);
        }
        expire(read);
        try (SourceDriver<?, ?> source = restore(last)) {
            assertThat(source.next(SILENCE)).isNull();
            Checkpoint again = source.completeCheckpoint(100);
            milvus.write(channel, 11, 35);
            assertThat(source.next(25)).isEqualTo(numbers(11, 35));
            last = again;
        }
        try (SourceDriver<?, ?> source = restore(last)) {
            assertThat(source.next(25)).isEqualTo(numbers(11, 35));
        }
    }

    @Test
    void whatCameAndExpiredWhileATaskWasAwayIsAnError() throws Exception {
        milvus.write(channel, 1, 10);
        MqPosition read;
        Checkpoint last;
        try (SourceDriver<?, ?> source = start()) {
            read = lastOf(10, source);
            last = seenAtItsEnd(source);
        }
        MqPosition missed = position(milvus.write(channel, 11, 20).get(9));
        expire(missed);
        for (int written = 20; written < 40; written += 15) {
            try (SourceDriver<?, ?> source = restore(last)) {
                assertThatThrownBy(
                                () -> {
                                    source.next(Duration.ofSeconds(10));
                                })
                        .isInstanceOf(SourceException.class)
                        .hasMessageContaining(channel)
                        .hasMessageContaining(read.ledger() + ":" + read.entry());
            }
            milvus.write(channel, written + 1, written + 15);
        }
    }

    @Test
    void aBeginningThatIsRemovedBeforeItIsReadIsAnError() throws Exception {
        milvus.keep(channel);
        milvus.channels().queue().hold(milvus.channels(), task);
        MessageId first = milvus.write(channel, PulsarChannels.creation(5, 1));
        milvus.write(channel, PulsarChannels.creation(6, 2));
        milvus.write(channel, 3, 10);
        milvus.write(channel, PulsarChannels.row(5, 11));
        Checkpoint last;
        try (SourceDriver<?, ?> source = start()) {
            assertThat(source.next(10)).isEqualTo(numbers(1, 10));
            last = source.checkpoint(1);
        }
        try (SourceDriver<?, ?> source = restore(last)) {
            assertThat(source.next(1)).isEqualTo(numbers(11, 11));
        }

        milvus.clearBacklog(channel, "another");
        milvus.clearBacklog(channel, PulsarQueue.subscription(task));
        milvus.trim(channel);
        awaitRemoval(position(first));
        try (SourceDriver<?, ?> source = start()) {
            assertThatThrownBy(source::next)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("the beginning of channel " + channel)
                    .hasMessageContaining("collection 5");
        }
    }

    /** Where the last of so many messages stood. */
    private static MqPosition lastOf(int count, SourceDriver<?, ?> source) throws Exception {
        MqPosition last = null;
        for (int i = 0; i < count; i++) {
            last = source.next().position();
        }
        return last;
    }

    /** A checkpoint that knows that nothing follows what has been read. */
    private static Checkpoint seenAtItsEnd(SourceDriver<?, ?> source) throws Exception {
        Checkpoint before = source.completeCheckpoint(1);
        AtomicReference<Checkpoint> after = new AtomicReference<>(before);
        Await.until(
                "the end to be seen",
                Await.PATIENCE,
                () -> {
                    after.set(source.checkpoint(2));
                    return !after.get().splits().equals(before.splits());
                });
        return after.get();
    }

    private void expire(MqPosition last) {
        Await.until(
                "ledger " + last.ledger() + " to expire and be removed",
                Await.PATIENCE,
                () -> {
                    milvus.expire(channel, PulsarQueue.subscription(task));
                    milvus.trim(channel);
                    return !milvus.stats(channel, "internalStats")
                            .contains("\"ledgerId\":" + last.ledger() + ",");
                });
    }

    private void awaitRemoval(MqPosition position) {
        Await.until(
                "ledger " + position.ledger() + " to be removed",
                Await.PATIENCE,
                () ->
                        !milvus.stats(channel, "internalStats")
                                .contains("\"ledgerId\":" + position.ledger() + ","));
    }

    private static MqPosition position(MessageId id) {
        MessageIdAdv adv = (MessageIdAdv) id;
        return new MqPosition(adv.getLedgerId(), adv.getEntryId());
    }

    private Map<String, MqPosition> ends() throws Exception {
        try (ChannelEnds ends = milvus.channels().queue().ends(milvus.channels())) {
            return ends.ends();
        }
    }

    private SourceDriver<?, ?> start() throws Exception {
        return SourceDriver.start(MilvusSource.of(milvus.channels(), StartPoint.BEGINNING, task));
    }

    private SourceDriver<?, ?> startAt(MqPosition position) throws Exception {
        return SourceDriver.start(
                MilvusSource.of(
                        milvus.channels(),
                        new StartPoint(Map.of(channel, position), Map.of()),
                        UUID.randomUUID().toString()));
    }

    private SourceDriver<?, ?> restore(Checkpoint from) throws Exception {
        return SourceDriver.restore(
                MilvusSource.of(milvus.channels(), StartPoint.BEGINNING, task), from);
    }

    private static List<Long> numbers(int from, int to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}

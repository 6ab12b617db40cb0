// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.target.TargetPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PartitionFinderTest {

    private static final long COLLECTION = 5;
    private static final long OLD = 1;
    private static final long YOUNG = 2;

    /** A tick that the drop of a partition from before {@link #LIVE_YOUNG} is older than. */
    private static final long LATE = Tso.of(30_000, 200);

    private static final SourcePartition LIVE_YOUNG =
            new SourcePartition(YOUNG, "p", 150, ObjectState.CREATED);
    private static final SourcePartition DROPPED_OLD =
            new SourcePartition(OLD, "p", 50, ObjectState.DROPPED);

    private final List<SourcePartition> atSource = new ArrayList<>();
    private final TargetDouble target = new TargetDouble();
    private long nanos;
    private final PartitionFinder finder =
            new PartitionFinder(collection -> atSource, target, () -> nanos);
    private final CollectionRoute route = route(Map.of());
    private long channelTick = 200;

    @Test
    void rowsOfAPartitionThatIsNewWaitUntilTheCommitterHasMadeIt() throws IOException {
        atSource.add(LIVE_YOUNG);

        assertThat(ofRows(rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
        assertThat(target.names).isEmpty();

        target.make(77, 170);

        assertThat(ofRows(rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(77L));
        assertThat(route.partitions()).containsExactly(Map.entry(YOUNG, 77L));
    }

    @Test
    void partitionOfATargetThatIsOlderThanTheSourceIsUsedWhenItsNameWasNeverUsedBefore()
            throws IOException {
        atSource.add(LIVE_YOUNG);
        target.make(77, 20);

        assertThat(ofRows(rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(77L));
    }

    @Test
    void rowsOfAPartitionThatIsGoneAtBothSidesAreOfNoUse() throws IOException {
        assertThat(ofRows(rows(OLD, 100))).isInstanceOf(Routing.Gone.class);
    }

    @Test
    void rowsOfADroppedPartitionGoWhereItStillIs() throws IOException {
        target.make(77, 60);

        assertThat(ofRows(rows(OLD, 100))).isEqualTo(new Routing.Found<>(77L));
    }

    @Test
    void rowsOfADroppedPartitionDontGoToTheYoungerOneThatAnotherWriterIsAtAlready()
            throws IOException {
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        target.make(77, 170);

        assertThat(ofRows(rows(OLD, 100))).isInstanceOf(Routing.Gone.class);
        assertThat(finder.ofDrop(route, drop(OLD, 120))).isInstanceOf(Routing.Outside.class);
        assertThat(ofRows(rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(77L));
    }

    @Test
    void rowsOfAYoungerPartitionWaitForTheOlderOnesDropThatIsAnnouncedBehindThem()
            throws IOException {
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        target.make(77, 60);

        assertThat(ofRows(rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
        assertThat(finder.ofDrop(route, drop(OLD, 300))).isEqualTo(new Routing.Found<>(77L));

        target.make(78, 400);

        assertThat(ofRows(rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(78L));
    }

    @Test
    void dropThatLeavesTheNameFreeDropsWhatTheTargetHas() throws IOException {
        atSource.add(DROPPED_OLD);
        target.make(77, 60);

        assertThat(finder.ofDrop(route, drop(OLD, 120))).isEqualTo(new Routing.Found<>(77L));
    }

    @Test
    void rowsWaitForTheOlderOnesDropHoweverLongItTakesOnceItIsAnnounced() throws IOException {
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        target.make(77, 60);
        assertThat(ofRows(rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
        assertThat(finder.ofDrop(route, drop(OLD, 300))).isEqualTo(new Routing.Found<>(77L));
        nanos += Duration.ofHours(1).toNanos();
        channelTick = LATE;

        assertThat(ofRows(rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);

        CollectionRoute afterARestart = route(route.partitions());
        assertThat(finder.ofRows(afterARestart, rows(YOUNG, 160), channelTick))
                .isInstanceOf(Routing.Blocked.class);

        // the source's etcd forgets the older one after some hours
        atSource.remove(DROPPED_OLD);
        assertThat(ofRows(rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);

        target.make(78, 400);
        assertThat(ofRows(rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(78L));
    }

    @Test
    void rowsWaitForTheDropOfAPartitionWhoseRowsWereSent() throws IOException {
        target.make(77, 60);
        assertThat(ofRows(rows(OLD, 100))).isEqualTo(new Routing.Found<>(77L));
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        channelTick = LATE;

        assertThat(ofRows(rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
    }

    @Test
    void rowsWaitForADropThatIsNotReadYetHoweverSlowlyTheirChannelIsRead() throws IOException {
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        target.make(77, 60);
        ofRows(rows(YOUNG, 160));
        nanos += Duration.ofHours(1).toNanos();

        assertThat(ofRows(rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
    }

    @Test
    void dropFromBeforeTheTaskIsNotWaitedForForEver() throws IOException {
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        target.make(77, 60);
        ofRows(rows(YOUNG, 160));
        channelTick = LATE;

        assertThat(ofRows(rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(77L));
        assertThat(finder.ofDrop(route, drop(OLD, 300))).isInstanceOf(Routing.Outside.class);
    }

    @Test
    void dropOfAPartitionThatIsNotMadeYetFindsNone() throws IOException {
        atSource.add(DROPPED_OLD);

        assertThat(finder.ofDrop(route, drop(OLD, 120))).isInstanceOf(Routing.Gone.class);
    }

    @Test
    void rowsWhoseChannelAnotherWriterReadsByNowDoNotWaitForEver() throws IOException {
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        target.make(77, 60);
        channelTick = TickDecision.NONE;
        ofRows(rows(YOUNG, 160));
        nanos += Duration.ofMinutes(9).toNanos();
        assertThat(ofRows(rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
        nanos += Duration.ofMinutes(2).toNanos();

        assertThat(ofRows(rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(77L));
    }

    private Routing<Long> ofRows(ChannelMessage rows) throws IOException {
        return finder.ofRows(route, rows, channelTick);
    }

    private static CollectionRoute route(Map<Long, Long> partitions) {
        return new CollectionRoute(
                new KnownCollection(COLLECTION, 1, "default", "c", partitions),
                "default",
                "c",
                900,
                List.of("t-dml_3_900v0", "t-dml_5_900v1"));
    }

    private static ChannelMessage rows(long partition, long ts) {
        return SourceMessages.insertInto(SourceMessages.P0, 1, COLLECTION, partition, "p", 7, ts);
    }

    private static ChannelMessage drop(long partition, long ts) {
        return SourceMessages.dropPartition(SourceMessages.P0, 2, COLLECTION, partition, "p", ts);
    }

    /** The target's partitions by name. */
    private static final class TargetDouble implements PartitionFinder.Target {
        private final Map<String, TargetPartition> names = new TreeMap<>();

        void make(long id, long createdTs) {
            names.put("p", new TargetPartition(id, "p", createdTs));
        }

        @Override
        public Optional<TargetPartition> find(CollectionRoute route, String name) {
            return Optional.ofNullable(names.get(name));
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.message.ChannelMessage;
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
    private static final SourcePartition LIVE_YOUNG =
            new SourcePartition(YOUNG, "p", 150, ObjectState.CREATED);
    private static final SourcePartition DROPPED_OLD =
            new SourcePartition(OLD, "p", 50, ObjectState.DROPPED);

    private final List<SourcePartition> atSource = new ArrayList<>();
    private final TargetDouble target = new TargetDouble();
    private long nanos;
    private final PartitionFinder finder =
            new PartitionFinder(collection -> atSource, target, () -> nanos);
    private final CollectionRoute route =
            new CollectionRoute(
                    new KnownCollection(COLLECTION, 1, "default", "c", Map.of()),
                    "default",
                    "c",
                    900,
                    List.of("t-dml_3_900v0", "t-dml_5_900v1"));

    @Test
    void rowsOfAPartitionThatIsNewWaitUntilTheCommitterHasMadeIt() throws IOException {
        atSource.add(LIVE_YOUNG);

        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
        assertThat(target.names).isEmpty();

        target.make(77, 170);

        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(77L));
        assertThat(route.partitions()).containsExactly(Map.entry(YOUNG, 77L));
    }

    @Test
    void partitionOfATargetThatIsOlderThanTheSourceIsUsedWhenItsNameWasNeverUsedBefore()
            throws IOException {
        atSource.add(LIVE_YOUNG);
        target.make(77, 20);

        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(77L));
    }

    @Test
    void rowsOfAPartitionThatIsGoneAtBothSidesAreOfNoUse() throws IOException {
        assertThat(finder.ofRows(route, rows(OLD, 100))).isInstanceOf(Routing.Gone.class);
    }

    @Test
    void rowsOfADroppedPartitionGoWhereItStillIs() throws IOException {
        target.make(77, 60);

        assertThat(finder.ofRows(route, rows(OLD, 100))).isEqualTo(new Routing.Found<>(77L));
    }

    @Test
    void rowsOfADroppedPartitionDontGoToTheYoungerOneThatAnotherWriterIsAtAlready()
            throws IOException {
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        target.make(77, 170);

        assertThat(finder.ofRows(route, rows(OLD, 100))).isInstanceOf(Routing.Gone.class);
        assertThat(finder.ofDrop(route, drop(OLD, 120))).isInstanceOf(Routing.Gone.class);
        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(77L));
    }

    @Test
    void rowsOfAYoungerPartitionWaitForTheOlderOnesDropThatIsAnnouncedBehindThem()
            throws IOException {
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        target.make(77, 60);

        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
        assertThat(finder.ofDrop(route, drop(OLD, 300))).isEqualTo(new Routing.Found<>(77L));

        target.make(78, 400);

        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(78L));
    }

    @Test
    void dropThatLeavesTheNameFreeDropsWhatTheTargetHas() throws IOException {
        atSource.add(DROPPED_OLD);
        target.make(77, 60);

        assertThat(finder.ofDrop(route, drop(OLD, 120))).isEqualTo(new Routing.Found<>(77L));
    }

    @Test
    void dropFromBeforeTheTaskIsNotWaitedForForEver() throws IOException {
        atSource.addAll(List.of(DROPPED_OLD, LIVE_YOUNG));
        target.make(77, 60);
        finder.ofRows(route, rows(YOUNG, 160));
        nanos += Duration.ofSeconds(31).toNanos();

        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(77L));
        assertThat(finder.ofDrop(route, drop(OLD, 300))).isInstanceOf(Routing.Gone.class);
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

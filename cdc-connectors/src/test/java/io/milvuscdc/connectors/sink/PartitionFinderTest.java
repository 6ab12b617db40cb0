// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PartitionFinderTest {

    private static final long COLLECTION = 5;
    private static final long OLD = 1;
    private static final long YOUNG = 2;
    private static final long YOUNG_CREATE_TS = 150;

    private final Map<Long, SourcePartition> live = new HashMap<>();
    private final TargetDouble target = new TargetDouble();
    private final PartitionFinder finder =
            new PartitionFinder((collection, id) -> Optional.ofNullable(live.get(id)), target);

    @Test
    void rowsOfAPartitionThatIsNewWaitUntilTheCommitterHasMadeIt() throws IOException {
        live.put(YOUNG, young());
        CollectionRoute route = route();

        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
        assertThat(target.names).isEmpty();

        target.create(route, "p");

        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(101L));
        assertThat(route.partitions()).containsExactly(Map.entry(YOUNG, 101L));
    }

    @Test
    void rowsThatAreOlderThanTheirPartitionDontWaitForATickThatCantCome() throws IOException {
        live.put(YOUNG, young());

        assertThat(finder.ofRows(route(), rows(YOUNG, YOUNG_CREATE_TS)))
                .isEqualTo(new Routing.Found<>(101L));
    }

    @Test
    void rowsOfAPartitionThatIsGoneAtBothSidesAreOfNoUse() throws IOException {
        assertThat(finder.ofRows(route(), rows(OLD, 100))).isInstanceOf(Routing.Gone.class);
    }

    @Test
    void rowsOfAYoungerPartitionWaitForTheOlderOnesDrop() throws IOException {
        CollectionRoute route = route();
        target.create(route, "p");
        live.put(YOUNG, young());

        assertThat(finder.ofDrop(route, drop(OLD))).isEqualTo(new Routing.Found<>(101L));
        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);

        target.names.clear();
        target.create(route, "p");

        assertThat(finder.ofRows(route, rows(YOUNG, 160))).isEqualTo(new Routing.Found<>(102L));
    }

    @Test
    void dropOfAPartitionThatWasNeverMadeTakesItsNameSoThatNobodyMakesItLate() throws IOException {
        CollectionRoute slow = route();
        CollectionRoute fast = route();
        live.put(YOUNG, young());

        Routing<Long> bySlow = finder.ofDrop(slow, drop(OLD));
        Routing<Long> byFast = finder.ofDrop(fast, drop(OLD));

        assertThat(bySlow).isEqualTo(byFast).isEqualTo(new Routing.Found<>(101L));
        assertThat(finder.ofRows(fast, rows(YOUNG, 160))).isInstanceOf(Routing.Blocked.class);
    }

    @Test
    void fastWriterDoesntMakeAPartitionThatASlowOneWouldTakeForTheOlderOne() throws IOException {
        CollectionRoute slow = route();
        CollectionRoute fast = route();
        live.put(YOUNG, young());
        finder.ofDrop(fast, drop(OLD));
        finder.ofRows(fast, rows(YOUNG, 160));

        assertThat(finder.ofRows(slow, rows(OLD, 90))).isEqualTo(new Routing.Found<>(101L));
        assertThat(slow.partitions()).isEqualTo(fast.partitions()).containsOnlyKeys(OLD);
    }

    @Test
    void severalDropsOfOneNameAreDoneOneAfterTheOther() {
        CollectionRoute route = route();

        assertThat(finder.ofDrop(route, drop(OLD))).isEqualTo(new Routing.Found<>(101L));
        assertThat(finder.ofDrop(route, drop(YOUNG))).isInstanceOf(Routing.Blocked.class);

        target.names.clear();

        assertThat(finder.ofDrop(route, drop(YOUNG))).isEqualTo(new Routing.Found<>(102L));
    }

    private static SourcePartition young() {
        return new SourcePartition(YOUNG, "p", YOUNG_CREATE_TS, ObjectState.CREATED);
    }

    private static ChannelMessage rows(long partition, long ts) {
        return SourceMessages.insertInto(SourceMessages.P0, 1, COLLECTION, partition, "p", 7, ts);
    }

    private static ChannelMessage drop(long partition) {
        return SourceMessages.dropPartition(
                SourceMessages.P0, 2, COLLECTION, partition, "p", 100 + partition);
    }

    private static CollectionRoute route() {
        return new CollectionRoute(
                new KnownCollection(COLLECTION, 1, "default", "c", Map.of()),
                "default",
                "c",
                900,
                List.of("t-dml_3_900v0", "t-dml_5_900v1"));
    }

    /** Partitions by name, with ids that are never used twice. */
    private static final class TargetDouble implements PartitionFinder.Target {
        private final Map<String, Long> names = new TreeMap<>();
        private long lastId = 100;

        @Override
        public Optional<Long> find(CollectionRoute route, String name) {
            return Optional.ofNullable(names.get(name));
        }

        @Override
        public void create(CollectionRoute route, String name) {
            names.computeIfAbsent(name, absent -> ++lastId);
        }
    }
}

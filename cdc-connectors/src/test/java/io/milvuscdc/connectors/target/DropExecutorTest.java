// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DropExecutorTest {

    private final TargetFixture fixture = new TargetFixture();
    private final DropExecutor drops = fixture.drops;

    @BeforeEach
    void replicateOneLoadedCollection() {
        fixture.replicate(
                SourceDouble.collection(1, "c", 100)
                        .partition(11, "p1", 110)
                        .aliases("al")
                        .flatIndex("ix")
                        .loaded(true, 10L, 11L)
                        .build());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void dropsACollectionWithItsAliasesUnderWhateverName() {
        fixture.client.rename("default", "c", "default", "other");

        assertThat(drops.dropCollection(100, "default", "c", 150)).isTrue();
        assertThat(fixture.client.listCollections("default")).isEmpty();
        assertThat(drops.dropCollection(100, "default", "c", 150)).isFalse();
    }

    @Test
    void dropsNoAliasThatIsMovedAfterItsAliasesWereListed() {
        fixture.milvus.make("y", 200);
        fixture.milvus.describeFromCache();

        try (TargetClient client =
                fixture.onceDone("ListAliases", () -> fixture.milvus.pointAlias("al", "y"))) {
            DropExecutor raced = new DropExecutor(client, fixture.adoptions);
            assertThat(raced.dropCollection(100, "default", "c", 150)).isTrue();
        }
        assertThat(fixture.copy("al").name()).isEqualTo("y");
    }

    @Test
    void aDropOfAnAliasWhoseAnswerWasLostTakesItFromNobodyWhoHasGotItSince() {
        fixture.milvus.make("y", 200);
        fixture.milvus.loseAnswer("DropAlias", () -> fixture.milvus.pointAlias("al", "y"));

        try (TargetClient client = fixture.client(3)) {
            DropExecutor patient = new DropExecutor(client, fixture.adoptions);
            assertThat(patient.dropCollection(100, "default", "c", 150)).isTrue();
        }
        assertThat(fixture.copy("al").name()).isEqualTo("y");
    }

    @Test
    void tellsWhichAliasesItHasDropped() {
        List<String> told = new ArrayList<>();
        DropExecutor telling =
                new DropExecutor(
                        fixture.client,
                        fixture.adoptions,
                        (db, alias) -> told.add(db + "." + alias));

        telling.dropCollection(100, "default", "c", 150);
        assertThat(told).containsExactly("default.al");
    }

    @Test
    void dropsNoOtherCollectionOfTheName() {
        assertThat(drops.dropCollection(99, "default", "c", 150)).isFalse();
        assertThat(fixture.copy("c").createdTs()).isEqualTo(100);
    }

    @Test
    void dropsWhatWasTakenOverByItsOwnCreateTsAndByThatOfTheSourcesCollection() {
        fixture.adoptions.note(50, 100);
        long id = fixture.client.partitions("default", "c").get("p1").id();

        assertThat(drops.dropPartition(50, "p1", id, 150)).isTrue();
        assertThat(drops.dropCollection(50, "default", "c", 160)).isTrue();
        assertThat(fixture.client.listCollections("default")).isEmpty();
        assertThat(drops.dropCollection(100, "default", "c", 160)).isFalse();
    }

    @Test
    void tellsACopyThatWasTakenOver() {
        assertThat(drops.takenOver(50)).isEmpty();
        assertThat(drops.takenOver(100)).isEmpty();
        fixture.adoptions.note(50, 100);
        assertThat(drops.takenOver(50).orElseThrow().name()).isEqualTo("c");
        assertThat(drops.takenOver(100)).isEmpty();
    }

    @Test
    void dropsALoadedPartition() {
        long id = fixture.client.partitions("default", "c").get("p1").id();

        assertThat(drops.dropPartition(100, "p1", id, 150)).isTrue();
        assertThat(fixture.client.partitions("default", "c")).containsOnlyKeys("_default");
        assertThat(drops.dropPartition(100, "p1", id, 150)).isFalse();
    }

    @Test
    void dropsAPartitionOfWhichNothingIsKnownBecauseOfALoadThatFailed() {
        long id = fixture.client.partitions("default", "c").get("p1").id();
        fixture.milvus.refuse("GetLoadState", 3, "memory limit exceeded");

        assertThat(drops.dropPartition(100, "p1", id, 150)).isTrue();
        assertThat(fixture.client.partitions("default", "c")).containsOnlyKeys("_default");
    }

    @Test
    void dropsADatabaseOnlyWhenItIsEmpty() {
        fixture.client.createDatabase("empty", List.of());

        assertThat(drops.dropIfEmpty("default")).isFalse();
        assertThat(drops.dropIfEmpty("empty")).isTrue();
        assertThat(drops.dropIfEmpty("empty")).isFalse();
        assertThat(fixture.client.listDatabases()).containsExactly("default");
    }

    @Test
    void dropsNoYoungerPartitionOfTheName() {
        long older = fixture.client.partitions("default", "c").get("p1").id();
        drops.dropPartition(100, "p1", older, 150);
        fixture.client.createPartition("default", "c", "p1");

        assertThat(drops.dropPartition(100, "p1", older, 150)).isFalse();
        assertThat(fixture.client.partitions("default", "c")).containsKey("p1");
    }

    @Test
    void dropsAPartitionWhoseIdNobodyKnowsIfItIsWhatIsMeant() {
        assertThat(drops.dropPartition(100, "p1", there -> there.createdTs() < 1, 150)).isFalse();
        assertThat(drops.dropPartition(100, "none", there -> true, 150)).isFalse();
        assertThat(fixture.client.partitions("default", "c")).containsKey("p1");

        assertThat(drops.dropPartition(100, "p1", there -> true, 150)).isTrue();
        assertThat(fixture.client.partitions("default", "c")).containsOnlyKeys("_default");
    }

    @Test
    void dropsAPartitionOnTheWayOfNoCollection() {
        assertThat(drops.dropPartition(99, "p1", 1, 150)).isFalse();
        assertThat(fixture.client.partitions("default", "c").keySet())
                .containsExactlyElementsOf(List.of("_default", "p1"));
    }

    @Test
    void aDropWhoseAnswerWasLostDropsNothingThatHasTheNameSince() {
        fixture.milvus.loseAnswer("DropCollection", () -> fixture.milvus.make("c", 200));

        try (TargetClient client = fixture.client(3)) {
            DropExecutor patient = new DropExecutor(client, fixture.adoptions);
            assertThat(patient.dropCollection(100, "default", "c", 150)).isTrue();
        }
        assertThat(fixture.copy("c").createdTs()).isEqualTo(200);
    }

    @Test
    void norDoesThatOfAPartition() {
        long older = fixture.client.partitions("default", "c").get("p1").id();
        fixture.milvus.loseAnswer("DropPartition", () -> fixture.milvus.makeAgain("c", "p1"));

        try (TargetClient client = fixture.client(3)) {
            DropExecutor patient = new DropExecutor(client, fixture.adoptions);
            assertThat(patient.dropPartition(100, "p1", older, 150)).isTrue();
        }
        assertThat(fixture.client.partitions("default", "c")).containsKey("p1");
    }
}

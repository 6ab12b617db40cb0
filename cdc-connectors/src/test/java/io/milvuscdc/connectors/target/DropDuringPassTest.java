// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.SourceDouble.Draft;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Drops that are committed while the reconciler works on what they drop. */
final class DropDuringPassTest {

    private static final SourceCollection C =
            SourceDouble.collection(1, "c", 100).partition(11, "p1", 110).build();

    private final TargetFixture fixture = new TargetFixture();
    private final SourceDouble source = fixture.source;
    private final DropExecutor drops = fixture.drops;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aCollectionThatIsDroppedAfterItWasLookedUpIsNotMadeAgain() {
        fixture.replicate(C);
        source.onceShown(1, this::dropC);
        fixture.milvus.forgetChanges();

        assertThat(fixture.reconcile(1L).pending()).isEmpty();
        assertThat(fixture.milvus.changes()).containsExactly("DropCollection");
    }

    @Test
    void nothingIsDoneToTheOneThatGotItsName() {
        fixture.replicate(C);
        source.put(Draft.of(C).flatIndex("ix").aliases("al").build());
        source.onceShown(
                1,
                () -> {
                    dropC();
                    fixture.client.createCollection(SourceDouble.collection(2, "c", 200).build());
                });

        fixture.reconcile(1L);
        assertThat(fixture.client.describeIndexes("default", "c")).isEmpty();
        assertThat(fixture.copy("c").aliases()).isEmpty();
        assertThat(fixture.client.partitions("default", "c")).containsOnlyKeys("_default");
    }

    @Test
    void aCollectionThatIsDroppedWhileItIsRenamedIsLeftAlone() {
        fixture.replicate(C);
        source.put(Draft.of(C).name("renamed").build());
        source.onceShown(1, this::dropC);

        assertThat(fixture.reconcile(1L).pending()).isEmpty();
        assertThat(fixture.client.listCollections("default")).isEmpty();
    }

    @Test
    void aCollectionThatIsDroppedTheMomentItIsMadeIsDroppedAgain() {
        source.put(C);
        try (TargetClient client =
                fixture.onceDone("CreateCollection", () -> source.commitDrop(1))) {
            reconciler(client).reconcile(TargetFixture.LATE_TICK, TargetFixture.LATE_TICK);
        }

        assertThat(fixture.client.listCollections("default")).isEmpty();
    }

    @Test
    void aPartitionThatIsDroppedTheMomentItIsMadeIsDroppedAgain() {
        source.put(C);
        try (TargetClient client =
                fixture.onceDone("CreatePartition", () -> source.commitPartitionDrop(11))) {
            reconciler(client).reconcile(TargetFixture.LATE_TICK, TargetFixture.LATE_TICK);
        }

        assertThat(fixture.client.partitions("default", "c")).containsOnlyKeys("_default");
    }

    @Test
    void aPartitionWhoseDropWasCommittedIsNotMade() {
        source.put(C);
        source.commitPartitionDrop(11);

        fixture.reconcile(1L);
        assertThat(fixture.milvus.changes()).doesNotContain("CreatePartition");
    }

    @Test
    void aCopyThatIsThereThoughItsDropWasCommittedIsDropped() {
        fixture.replicate(C);
        source.commitDrop(1);
        fixture.milvus.refuse("DropCollection", 65535, "rootcoord is busy");
        assertThat(fixture.reconcile(1L).pending()).singleElement().asString().contains("busy");

        fixture.milvus.refuseNothing();
        fixture.later(Duration.ofSeconds(1));
        assertThat(fixture.reconcile().pending()).isEmpty();
        assertThat(fixture.client.listCollections("default")).isEmpty();
        assertThat(fixture.reconcile().targetPchannels()).isEmpty();
    }

    /** As the thread of the commit does. */
    private void dropC() {
        source.commitDrop(1);
        assertThat(drops.dropCollection(100, "default", "c", 150)).isTrue();
        fixture.later(Duration.ofSeconds(1));
    }

    private MetadataReconciler reconciler(TargetClient client) {
        return new MetadataReconciler(client, source, fixture.adoptions, drops, fixture.nanos::get);
    }
}

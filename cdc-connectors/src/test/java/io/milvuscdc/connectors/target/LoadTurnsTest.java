// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.LoadState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.MetadataReconciler.ReconcileResult;
import io.milvuscdc.connectors.target.SourceDouble.Draft;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake gives shards pchannels by id: 8 to 13 to {@code wide}, 13 to {@code next}. */
final class LoadTurnsTest {

    private static final long TICK = 1_000;

    private final TargetFixture fixture = new TargetFixture();
    private final FakeMilvus milvus = fixture.milvus;
    private long tick = TICK;

    @BeforeEach
    void loadsTakeTheirTime() {
        milvus.loadSlowly();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theLoadOfACollectionWaitsForTheOneThatSharesAPchannel() {
        put(wide(), next());

        assertThat(reconcile().pending())
                .containsExactly(
                        "collection default.next (source id 2): its load waits for that of"
                                + " default.wide, which shares a pchannel with it at the target");
        assertThat(state("wide")).isEqualTo(LoadState.LoadStateLoading);
        assertThat(state("next")).isEqualTo(LoadState.LoadStateNotLoad);
        assertThat(reconcile().pending()).hasSize(1);

        milvus.finishLoad("wide");
        // loaded, but no tick has reached its readers since
        assertThat(reconcile().pending()).hasSize(1);
        assertThat(fixture.reconciler.reconcile(tick, tick).pending()).hasSize(1);
        // the first may have been on its way before
        assertThat(reconcile().pending()).hasSize(1);

        assertThat(reconcile().pending()).isEmpty();
        assertThat(state("next")).isEqualTo(LoadState.LoadStateLoading);
    }

    @Test
    void onlyATickCountsThatWasSentAndNotWhatWasRead() {
        put(wide(), next());
        reconcile();
        milvus.finishLoad("wide");
        assertThat(reconcile().pending()).hasSize(1);

        for (int read = 1; read <= 30; read++) {
            fixture.later(Duration.ofSeconds(10));
            assertThat(fixture.reconciler.reconcile(tick + read, tick).pending())
                    .as("rows wait and hold back the tick, %s", read)
                    .hasSize(1);
        }
        assertThat(state("next")).isEqualTo(LoadState.LoadStateNotLoad);

        reconcile();
        assertThat(reconcile().pending()).isEmpty();
        assertThat(state("next")).isEqualTo(LoadState.LoadStateLoading);
    }

    @Test
    void everythingElseOfACollectionGoesOnMeanwhile() {
        put(wide(), Draft.of(next()).aliases("al").partition(21, "p", 210).build());

        assertThat(reconcile().pending()).hasSize(1);
        assertThat(fixture.copy("next").aliases()).containsExactly("al");
        assertThat(fixture.client.partitions("default", "next")).containsKey("p");
        assertThat(fixture.client.describeIndexes("default", "next")).hasSize(1);
    }

    @Test
    void aCollectionThatOnlyWaitsForItsTurnIsNotComparedAgainUntilItComes() {
        SourceCollection last =
                SourceDouble.collection(3, "last", 300)
                        .shards(14)
                        .flatIndex("ix")
                        .loaded(true, 30L)
                        .build();
        put(wide(), next(), last);
        assertThat(reconcile().pending()).hasSize(2);
        fixture.client.releaseCollection("default", "next");
        fixture.client.dropIndex("default", "next", index("next"));
        fixture.client.dropIndex("default", "last", index("last"));
        milvus.forgetChanges();

        reconcile();
        assertThat(milvus.changes()).isEmpty();

        finish("wide");
        assertThat(milvus.changes())
                .as("of next only")
                .containsExactly("CreateIndex", "LoadCollection");
        fixture.reconciler.markDirty(List.of(3L));
        assertThat(reconcile().pending()).singleElement().asString().contains("default.next");
        assertThat(milvus.changes())
                .as("of last, which has changed")
                .contains("CreateIndex")
                .hasSize(3);
    }

    @Test
    void loadsThatShareNoPchannelGoSideBySide() {
        put(
                Draft.of(wide()).shards(5).build(),
                next(),
                SourceDouble.collection(3, "third", 300).flatIndex("ix").loaded(true, 30L).build());

        assertThat(reconcile().pending()).isEmpty();
        assertThat(state("wide")).isEqualTo(LoadState.LoadStateLoading);
        assertThat(state("next")).isEqualTo(LoadState.LoadStateLoading);
        assertThat(state("third")).isEqualTo(LoadState.LoadStateLoading);
    }

    @Test
    void theFirstPartitionsOfACollectionWaitTooButLaterOnesDoNot() {
        SourceCollection partly =
                Draft.of(next()).partition(21, "p", 210).loaded(false, 20L).build();
        put(wide(), partly);
        assertThat(reconcile().pending()).hasSize(1);

        finish("wide");
        assertThat(reconcile().pending()).isEmpty();
        finish("next");

        put(Draft.of(wide()).notLoaded().build());
        reconcile();
        put(wide(), Draft.of(partly).loaded(false, 20L, 21L).build());
        assertThat(reconcile().pending()).isEmpty();
        assertThat(fixture.client.loadState("default", "next", List.of("p")))
                .isEqualTo(LoadState.LoadStateLoaded);
    }

    @Test
    void aLoadThatIsGivenUpIsNotWaitedFor() {
        put(wide(), next());
        reconcile();

        put(Draft.of(wide()).notLoaded().build());
        reconcile();

        assertThat(reconcile().pending()).isEmpty();
        assertThat(state("next")).isEqualTo(LoadState.LoadStateLoading);
    }

    @Test
    void aCollectionThatIsDroppedOrRenamedMeanwhileHoldsNothingUpForEver() {
        put(wide(), next());
        reconcile();
        put(Draft.of(wide()).name("renamed").build());
        reconcile();
        assertThat(reconcile().pending()).as("it's still under way").hasSize(1);

        fixture.source.drop(1);
        new DropExecutor(fixture.client, fixture.adoptions)
                .dropCollection(100, "default", "renamed", 150);
        fixture.reconciler.markDirty(List.of(1L));
        reconcile();

        assertThat(reconcile().pending()).isEmpty();
    }

    @Test
    void aLoadThatDoesNotEndIsPassedOverAfterAMinuteWithTicks() {
        put(wide(), next());
        reconcile();
        fixture.later(Duration.ofMinutes(3));
        assertThat(reconcile().pending()).as("this process stood still").hasSize(1);

        for (int i = 0; i < 20; i++) {
            reconcile();
        }
        assertThat(state("wide")).isEqualTo(LoadState.LoadStateLoading);
        assertThat(reconcile().pending()).isEmpty();
        assertThat(state("next")).isEqualTo(LoadState.LoadStateLoading);
    }

    @Test
    void aLoadThatFailsIsAskedForAgainAfterAMinuteAndKeepsNobodyWaitingThen() {
        put(wide(), next());
        reconcile();
        milvus.refuse("GetLoadState", 3, "memory limit exceeded");
        for (int i = 0; i < 19; i++) {
            reconcile();
        }
        fixture.later(Duration.ofMinutes(1));
        milvus.forgetChanges();
        assertThat(reconcile().pending()).isEmpty();
        assertThat(milvus.changes())
                .filteredOn("LoadCollection"::equals)
                .as("of wide again, and of next for the first time")
                .hasSize(2);

        milvus.forgetChanges();
        reconcile();
        assertThat(milvus.changes()).as("until the next minute is over").isEmpty();
        milvus.refuseNothing();
        assertThat(state("next")).isEqualTo(LoadState.LoadStateLoading);
    }

    @Test
    void aLoadThatComesToNothingIsAskedForAgainAfterAMinute() {
        put(wide());
        reconcile();
        fixture.client.releaseCollection("default", "wide");
        reconcile();
        assertThat(state("wide")).isEqualTo(LoadState.LoadStateNotLoad);

        fixture.later(Duration.ofMinutes(1));
        reconcile();
        assertThat(state("wide")).isEqualTo(LoadState.LoadStateLoading);
    }

    @Test
    void aLoadThatAnEarlierRunAskedForIsWaitedFor() {
        put(wide(), next());
        reconcile();

        MetadataReconciler restarted = restarted();
        for (int ticks = 0; ticks < 10; ticks++) {
            assertThat(restarted.reconcile(++tick, tick).pending()).hasSize(1);
        }
        assertThat(state("next")).isEqualTo(LoadState.LoadStateNotLoad);
    }

    @Test
    void soIsOneOfACollectionThatIsComparedLater() {
        put(next());
        reconcile();
        put(sharesAll());
        assertThat(reconcile().pending()).singleElement().asString().contains("of default.next");

        MetadataReconciler restarted = restarted();
        for (int ticks = 0; ticks < 10; ticks++) {
            restarted.reconcile(++tick, tick);
            assertThat(state("wide")).isEqualTo(LoadState.LoadStateNotLoad);
        }
    }

    @Test
    void noLoadBeginsBeforeWhatIsLoadedHasGotTicksOfThisRun() {
        put(next());
        reconcile();
        milvus.finishLoad("next");
        put(sharesAll());
        reconcile();

        MetadataReconciler restarted = restarted();
        for (int pass = 0; pass < 5; pass++) {
            assertThat(restarted.reconcile(tick, tick).pending())
                    .as("only the tick that the earlier run has sent")
                    .singleElement()
                    .asString()
                    .contains("the first ticks of this run");
        }
        restarted.reconcile(++tick, tick);
        assertThat(state("wide")).isEqualTo(LoadState.LoadStateNotLoad);
        assertThat(restarted.reconcile(++tick, tick).pending()).isEmpty();
        assertThat(state("wide")).isEqualTo(LoadState.LoadStateLoading);
    }

    private MetadataReconciler restarted() {
        return new MetadataReconciler(
                fixture.client, fixture.source, new Adoptions(), fixture.drops, fixture.nanos::get);
    }

    @Test
    void aTargetThatIsMendedNeedsNoTurns() {
        milvus.setVersion("v2.4.6");
        put(wide(), next());

        assertThat(reconcile().pending()).isEmpty();
        assertThat(state("next")).isEqualTo(LoadState.LoadStateLoading);
    }

    private static SourceCollection wide() {
        return SourceDouble.collection(1, "wide", 100)
                .shards(6)
                .flatIndex("ix")
                .loaded(true, 10L)
                .build();
    }

    private static SourceCollection sharesAll() {
        return Draft.of(wide()).shards(16).build();
    }

    private static SourceCollection next() {
        return SourceDouble.collection(2, "next", 200).flatIndex("ix").loaded(true, 20L).build();
    }

    private void put(SourceCollection... collections) {
        for (SourceCollection collection : collections) {
            fixture.source.put(collection);
            fixture.reconciler.markDirty(List.of(collection.id()));
        }
    }

    /** With a tick that is newer than the last one. */
    private ReconcileResult reconcile() {
        return fixture.reconciler.reconcile(++tick, tick);
    }

    private void finish(String collection) {
        milvus.finishLoad(collection);
        reconcile();
        reconcile();
        reconcile();
    }

    private TargetIndex index(String collection) {
        return fixture.client.describeIndexes("default", collection).get(0);
    }

    private LoadState state(String collection) {
        return fixture.client.loadState("default", collection, List.of());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.MetadataReconciler.ReconcileResult;
import io.milvuscdc.connectors.target.SourceDouble.Draft;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MetadataReconcilerTest {

    /** When the target was given a backup, by its own clock. */
    private static final long RESTORED_TS = 5_000;

    private final TargetFixture fixture = new TargetFixture();
    private final SourceDouble source = fixture.source;
    private final DropExecutor drops = fixture.drops;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void makesACollectionWithAllThatHangsOnIt() {
        source.database("d");
        ReconcileResult result =
                fixture.replicate(
                        SourceDouble.collection(1, "c", 100)
                                .db("d")
                                .shards(2)
                                .partition(11, "p1", 110)
                                .properties(SourceDouble.pair("collection.ttl.seconds", "60"))
                                .aliases("al")
                                .flatIndex("ix")
                                .loaded(true, 10L, 11L)
                                .build());

        assertThat(result.pending()).isEmpty();
        assertThat(fixture.client.listDatabases()).containsExactly("d", "default");
        TargetCollection copy = fixture.client.describe("d", "c").orElseThrow();
        assertThat(copy.createdTs()).isEqualTo(100);
        assertThat(copy.shards()).isEqualTo(2);
        assertThat(copy.aliases()).containsExactly("al");
        assertThat(copy.properties())
                .containsExactly(SourceDouble.pair("collection.ttl.seconds", "60"));
        assertThat(fixture.client.partitions("d", "c")).containsOnlyKeys("_default", "p1");
        assertThat(fixture.client.describeIndexes("d", "c"))
                .extracting(TargetIndex::name)
                .containsExactly("ix");
        assertThat(fixture.client.loadState("d", "c", List.of("_default", "p1")))
                .isEqualTo(LoadState.LoadStateLoaded);
        assertThat(result.targetPchannels()).containsExactlyInAnyOrderElementsOf(copy.pchannels());
        assertThat(result.applied())
                .contains("created collection d.c with 2 shards (source collection 1)");
    }

    @Test
    void changesNothingWhenEverythingIsEqual() {
        fixture.replicate(
                SourceDouble.collection(1, "c", 100)
                        .aliases("al")
                        .flatIndex("ix")
                        .loaded(true, 10L)
                        .build());
        fixture.milvus.forgetChanges();

        fixture.reconciler.markAllDirty();
        ReconcileResult result = fixture.reconcile();

        assertThat(result.applied()).isEmpty();
        assertThat(fixture.milvus.changes()).isEmpty();
        assertThat(result.targetPchannels()).isNotEmpty();
    }

    @Test
    void makesNothingBeforeEverythingOlderIsRead() {
        source.put(SourceDouble.collection(1, "c", 100).partition(11, "p1", 150).build());

        assertThat(fixture.reconciler.reconcile(99, 99).pending())
                .singleElement()
                .asString()
                .contains("default.c")
                .contains("waits until everything before its creation is read");
        assertThat(fixture.client.listCollections("default")).isEmpty();

        assertThat(fixture.reconciler.reconcile(100, 100).pending()).hasSize(1);
        assertThat(fixture.client.partitions("default", "c")).containsOnlyKeys("_default");

        assertThat(fixture.reconciler.reconcile(150, 150).pending()).isEmpty();
        assertThat(fixture.client.partitions("default", "c")).containsOnlyKeys("_default", "p1");
    }

    @Test
    void aPartitionWaitsUntilTheTargetsClockHasPassedItsCreation() {
        fixture.milvus.setClock(150);
        assertThat(
                        fixture.replicate(
                                        SourceDouble.collection(1, "c", 100)
                                                .partition(11, "p1", 150)
                                                .build())
                                .pending())
                .singleElement()
                .asString()
                .contains("partition p1 waits for the target's clock");
        assertThat(fixture.milvus.changes()).doesNotContain("CreatePartition", "DropPartition");

        fixture.milvus.setClock(151);
        assertThat(fixture.reconcile(1L).pending()).isEmpty();
        assertThat(fixture.client.partitions("default", "c")).containsOnlyKeys("_default", "p1");
    }

    @Test
    void renamesInACircle() {
        fixture.replicate(SourceDouble.collection(1, "a", 100).build());
        fixture.replicate(SourceDouble.collection(2, "b", 200).build());
        fixture.replicate(SourceDouble.collection(3, "c", 300).build());

        source.put(SourceDouble.collection(1, "b", 100).build());
        source.put(SourceDouble.collection(2, "c", 200).build());
        source.put(SourceDouble.collection(3, "a", 300).build());
        ReconcileResult result = fixture.reconcile(1L, 2L, 3L);

        assertThat(result.pending()).isEmpty();
        assertThat(fixture.copy("b").createdTs()).isEqualTo(100);
        assertThat(fixture.copy("c").createdTs()).isEqualTo(200);
        assertThat(fixture.copy("a").createdTs()).isEqualTo(300);
        assertThat(fixture.client.listCollections("default")).hasSize(3);
    }

    @Test
    void movesACollectionWithAliasesToAnotherDatabase() {
        source.database("d");
        fixture.replicate(SourceDouble.collection(1, "c", 100).aliases("al").build());

        ReconcileResult result =
                fixture.replicate(
                        SourceDouble.collection(1, "c", 100).db("d").aliases("al").build());

        assertThat(result.pending()).isEmpty();
        assertThat(fixture.client.listCollections("default")).isEmpty();
        assertThat(fixture.client.describe("d", "al").orElseThrow().createdTs()).isEqualTo(100);
    }

    @Test
    void createsUnderAFreedNameOnlyAfterTheDrop() {
        fixture.replicate(SourceDouble.collection(1, "c", 100).build());
        source.drop(1);
        source.put(SourceDouble.collection(2, "c", 200).build());

        ReconcileResult blocked = fixture.reconcile(1L, 2L);
        assertThat(blocked.pending()).hasSize(1);
        assertThat(blocked.targetPchannels()).isNotEmpty();
        assertThat(fixture.copy("c").createdTs()).isEqualTo(100);

        drops.dropCollection(100, "default", "c", 150);
        assertThat(fixture.reconcile(1L).pending()).isEmpty();
        assertThat(fixture.copy("c").createdTs()).isEqualTo(200);
    }

    @Test
    void aCollectionThatWasTakenOverIsRenamedAndDroppedAndItsNameUsedAgain() {
        takeOver(SourceDouble.collection(1, "c", 100).build());

        source.put(SourceDouble.collection(1, "renamed", 100).build());
        assertThat(fixture.reconcile(1L).pending()).isEmpty();
        assertThat(fixture.copy("renamed").createdTs()).isEqualTo(RESTORED_TS);
        assertThat(fixture.client.listCollections("default")).hasSize(1);

        source.drop(1);
        source.put(SourceDouble.collection(2, "renamed", 9_000).build());
        assertThat(fixture.reconcile(1L, 2L).pending()).hasSize(1);
        assertThat(drops.dropCollection(100, "default", "renamed", 9_100)).isTrue();
        assertThat(fixture.reconcile(1L).pending()).isEmpty();
        assertThat(fixture.copy("renamed").createdTs()).isEqualTo(9_000);
    }

    @Test
    void aCollectionThatWasTakenOverLeavesItsNameAndAnAliasToOthers() {
        takeOver(SourceDouble.collection(1, "c", 100).aliases("al").build());

        source.put(SourceDouble.collection(1, "c_old", 100).build());
        source.put(SourceDouble.collection(2, "c", 200).aliases("al").build());

        assertThat(fixture.reconcile(1L, 2L).pending()).isEmpty();
        assertThat(fixture.copy("c_old").createdTs()).isEqualTo(RESTORED_TS);
        assertThat(fixture.copy("c").createdTs()).isEqualTo(200);
        assertThat(fixture.copy("c").aliases()).containsExactly("al");
    }

    private void takeOver(SourceCollection collection) {
        fixture.client.createCollection(
                SourceDouble.collection(99, collection.name(), RESTORED_TS).build());
        fixture.replicate(collection);
        fixture.later(Duration.ofSeconds(2));
        assertThat(fixture.reconcile().pending()).isEmpty();
        assertThat(fixture.copy(collection.name()).createdTs()).isEqualTo(RESTORED_TS);
    }

    @Test
    void givesANameThatAnotherCollectionLeftToANewOneInOneRun() {
        fixture.replicate(SourceDouble.collection(1, "c", 100).build());

        source.put(SourceDouble.collection(1, "c_old", 100).build());
        source.put(SourceDouble.collection(2, "c", 200).aliases("c_alias").build());

        assertThat(fixture.reconcile(2L).pending()).isEmpty();
        assertThat(fixture.copy("c").createdTs()).isEqualTo(200);
        assertThat(fixture.copy("c_old").createdTs()).isEqualTo(100);
    }

    @Test
    void createsAndMovesAndDropsAliases() {
        fixture.replicate(SourceDouble.collection(1, "a", 100).aliases("x", "y").build());
        fixture.replicate(SourceDouble.collection(2, "b", 200).build());

        source.put(SourceDouble.collection(1, "a", 100).aliases("z").build());
        source.put(SourceDouble.collection(2, "b", 200).aliases("x").build());
        ReconcileResult result = fixture.reconcile(1L, 2L);

        assertThat(result.pending()).isEmpty();
        assertThat(fixture.copy("a").aliases()).containsExactly("z");
        assertThat(fixture.copy("b").aliases()).containsExactly("x");
        assertThat(fixture.milvus.changes()).contains("AlterAlias");
    }

    @Test
    void createsACollectionUnderTheNameOfAFormerAlias() {
        fixture.replicate(SourceDouble.collection(1, "a", 100).aliases("x").build());

        source.put(SourceDouble.collection(1, "a", 100).build());
        source.put(SourceDouble.collection(2, "x", 200).build());

        assertThat(fixture.reconcile(1L, 2L).pending()).isEmpty();
        assertThat(fixture.copy("x").createdTs()).isEqualTo(200);
    }

    @Test
    void leavesTheAliasOfAUsersCollectionAlone() {
        fixture.client.createCollection(SourceDouble.collection(9, "users", 900).build());
        fixture.client.createAlias("default", "users", "x");

        ReconcileResult result =
                fixture.replicate(SourceDouble.collection(1, "a", 100).aliases("x").build());

        assertThat(result.pending())
                .singleElement()
                .asString()
                .contains("alias x is taken by collection default.users");
        assertThat(fixture.copy("users").aliases()).containsExactly("x");
    }

    @Test
    void replacesTheIndexOfALoadedCollectionAndLoadsAgain() {
        SourceCollection first =
                SourceDouble.collection(1, "c", 100).flatIndex("ix").loaded(true, 10L).build();
        fixture.replicate(first);

        ReconcileResult result = fixture.replicate(Draft.of(first).flatIndex("other").build());

        assertThat(result.pending()).isEmpty();
        assertThat(fixture.client.describeIndexes("default", "c"))
                .extracting(TargetIndex::name)
                .containsExactly("other");
        assertThat(fixture.client.loadState("default", "c", List.of()))
                .isEqualTo(LoadState.LoadStateLoaded);
    }

    @Test
    void anIndexThatBecomesWhatItWasOnceBeforeIsMadeSoAgain() {
        SourceCollection first = SourceDouble.collection(1, "c", 100).flatIndex("ix", "L2").build();
        fixture.replicate(first);
        fixture.replicate(Draft.of(first).flatIndex("ix", "IP").build());
        assertThat(metrics("c")).containsExactly("IP");

        fixture.replicate(first);
        assertThat(metrics("c")).containsExactly("L2");
    }

    @Test
    void anIndexIsComparedWithWhatWasMadeOfItsOwnCollection() {
        fixture.replicate(SourceDouble.collection(1, "c", 100).flatIndex("ix", "L2").build());
        SourceCollection other = SourceDouble.collection(2, "d", 200).flatIndex("ix", "IP").build();
        fixture.replicate(other);

        fixture.replicate(Draft.of(other).flatIndex("ix", "L2").build());
        assertThat(metrics("d")).containsExactly("L2");
    }

    @Test
    void anIndexThatTheTargetShowsOtherwiseThanItWasToldIsMadeOnce() {
        SourceCollection first = SourceDouble.collection(1, "c", 100).flatIndex("ix", "L2").build();
        fixture.replicate(first);
        fixture.milvus.showMetric("c", "ix", "l2 in its own words");
        fixture.milvus.forgetChanges();

        assertThat(fixture.reconcile(1L).pending()).isEmpty();
        assertThat(fixture.milvus.changes()).isEmpty();
    }

    @Test
    void anIndexThatTheSourceAltersIsStillTheSameAndStaysLoaded() {
        SourceCollection first =
                SourceDouble.collection(1, "c", 100).flatIndex("ix").loaded(true, 10L).build();
        fixture.replicate(first);
        fixture.milvus.forgetChanges();

        ReconcileResult result =
                fixture.replicate(
                        Draft.of(first)
                                .alteredIndex(SourceDouble.pair("mmap.enabled", "true"))
                                .build());

        assertThat(result.pending()).isEmpty();
        assertThat(fixture.milvus.changes()).isEmpty();
        assertThat(loaded("_default")).isTrue();
    }

    @Test
    void anAlteredIndexIsMadeWithWhatItsTypeTakes() {
        KeyValuePair mmap = SourceDouble.pair("mmap.enabled", "true");
        fixture.replicate(
                SourceDouble.collection(1, "flat", 100).flatIndex("ix").alteredIndex(mmap).build());
        fixture.replicate(
                SourceDouble.collection(2, "auto", 200).autoIndex("ix").alteredIndex(mmap).build());

        assertThat(indexParams("flat")).contains(mmap);
        assertThat(indexParams("auto"))
                .containsExactly(
                        SourceDouble.pair("index_type", "AUTOINDEX"),
                        SourceDouble.pair("metric_type", "L2"));
        fixture.milvus.forgetChanges();
        assertThat(fixture.reconcile(1L, 2L).pending()).isEmpty();
        assertThat(fixture.milvus.changes()).isEmpty();
    }

    private List<KeyValuePair> indexParams(String collection) {
        return fixture.client.describeIndexes("default", collection).get(0).params();
    }

    private List<String> metrics(String collection) {
        return fixture.client.describeIndexes("default", collection).stream()
                .flatMap(index -> index.params().stream())
                .filter(param -> param.getKey().equals("metric_type"))
                .map(KeyValuePair::getValue)
                .toList();
    }

    @Test
    void loadsAndReleasesPartitionsAndCollections() {
        SourceCollection both =
                SourceDouble.collection(1, "c", 100)
                        .partition(11, "p1", 110)
                        .partition(12, "p2", 120)
                        .flatIndex("ix")
                        .loaded(false, 11L)
                        .build();
        fixture.replicate(both);
        assertThat(loaded("p1")).isTrue();
        assertThat(loaded("p2")).isFalse();

        fixture.replicate(Draft.of(both).loaded(false, 12L).build());
        assertThat(loaded("p1")).isFalse();
        assertThat(loaded("p2")).isTrue();

        fixture.replicate(Draft.of(both).loaded(true, 10L, 11L, 12L).build());
        assertThat(loaded("_default")).isTrue();
        assertThat(loaded("p1")).isTrue();

        fixture.replicate(Draft.of(both).notLoaded().build());
        assertThat(loaded("_default")).isFalse();
        assertThat(loaded("p1")).isFalse();
    }

    @Test
    void loadsACollectionWhoseLoadFailedBefore() {
        fixture.milvus.refuse("GetLoadState", 3, "memory limit exceeded");
        fixture.replicate(
                SourceDouble.collection(1, "c", 100).flatIndex("ix").loaded(true, 10L).build());
        assertThat(fixture.milvus.changes()).contains("LoadCollection");

        fixture.milvus.refuseNothing();
        assertThat(loaded("_default")).isTrue();
    }

    @Test
    void releasesACollectionWhoseLoadFailedBefore() {
        SourceCollection collection =
                SourceDouble.collection(1, "c", 100).flatIndex("ix").loaded(true, 10L).build();
        fixture.replicate(collection);
        fixture.milvus.refuse("GetLoadState", 1, "query node isn't ready");
        fixture.replicate(Draft.of(collection).notLoaded().build());

        fixture.milvus.refuseNothing();
        assertThat(loaded("_default")).isFalse();
    }

    @Test
    void releasesACollectionToSetWhatCannotBeSetWhileItIsLoadedAndLoadsItAgain() {
        SourceCollection first =
                SourceDouble.collection(1, "c", 100).flatIndex("ix").loaded(true, 10L).build();
        fixture.replicate(first);
        KeyValuePair mmap = SourceDouble.pair("mmap.enabled", "true");

        ReconcileResult result = fixture.replicate(Draft.of(first).properties(mmap).build());

        assertThat(result.pending()).isEmpty();
        assertThat(fixture.copy("c").properties()).containsExactly(mmap);
        assertThat(loaded("_default")).isTrue();
    }

    @Test
    void setsPropertiesAndLivesWithThoseThatTheTargetCannotRemove() {
        SourceCollection first =
                SourceDouble.collection(1, "c", 100)
                        .properties(SourceDouble.pair("a", "1"), SourceDouble.pair("b", "1"))
                        .build();
        fixture.replicate(first);

        ReconcileResult result =
                fixture.replicate(Draft.of(first).properties(SourceDouble.pair("a", "2")).build());

        assertThat(result.pending()).isEmpty();
        assertThat(fixture.copy("c").properties())
                .containsExactly(SourceDouble.pair("a", "2"), SourceDouble.pair("b", "1"));
        fixture.milvus.forgetChanges();
        fixture.reconcile(1L);
        assertThat(fixture.milvus.changes()).isEmpty();
    }

    @Test
    void doesTheRestWhenOneCollectionFailsAndTriesThatAgainLater() {
        fixture.milvus.refuse("CreateIndex", 65535, "index node is busy");
        source.put(SourceDouble.collection(1, "a", 100).flatIndex("ix").build());
        source.put(SourceDouble.collection(2, "b", 200).build());

        assertThat(fixture.reconcile().pending())
                .singleElement()
                .asString()
                .contains("default.a")
                .contains("index node is busy");
        assertThat(fixture.copy("b").createdTs()).isEqualTo(200);

        fixture.milvus.refuseNothing();
        assertThat(fixture.reconcile().pending()).hasSize(1);
        fixture.later(Duration.ofSeconds(1));
        assertThat(fixture.reconcile().pending()).isEmpty();
        assertThat(fixture.client.describeIndexes("default", "a")).hasSize(1);
    }

    @Test
    void aNewPartitionDoesNotWaitForWhatFailsOfItsCollection() {
        SourceCollection first = SourceDouble.collection(1, "c", 100).flatIndex("ix").build();
        fixture.milvus.refuse("CreateIndex", 65535, "index node is busy");
        fixture.replicate(first);
        for (int i = 0; i < 8; i++) {
            fixture.later(Duration.ofSeconds(30));
            fixture.reconcile();
        }
        source.put(Draft.of(first).partition(11, "p1", 150).build());
        fixture.reconciler.markDirty(List.of(1L));
        assertThat(fixture.reconciler.reconcile(149, 149).pending())
                .singleElement()
                .asString()
                .contains("partition p1 waits", "index node is busy");

        fixture.reconciler.reconcile(150, 150);
        assertThat(fixture.client.partitions("default", "c")).containsOnlyKeys("_default", "p1");

        // and what fails is still left alone as long as before
        fixture.milvus.forgetChanges();
        fixture.later(Duration.ofSeconds(29));
        fixture.reconcile();
        assertThat(fixture.milvus.changes()).isEmpty();
        fixture.later(Duration.ofSeconds(1));
        fixture.reconcile();
        assertThat(fixture.milvus.changes()).containsExactly("CreateIndex");
    }

    @Test
    void aDatabaseThatTheTargetRefusesIsNamedAndKeepsNothingElseWaiting() {
        source.database("a");
        fixture.milvus.refuse("CreateDatabase", 801, "database number exceeds max limit");
        source.put(SourceDouble.collection(1, "c", 100).build());
        source.put(SourceDouble.collection(2, "in_a", 200).db("a").build());

        assertThat(fixture.reconcile().pending())
                .hasSize(2)
                .anyMatch(text -> text.startsWith("database a: ") && text.contains("max limit"))
                .anyMatch(text -> text.startsWith("collection a.in_a "));
        assertThat(fixture.copy("c").createdTs()).isEqualTo(100);

        fixture.milvus.refuseNothing();
        fixture.later(Duration.ofSeconds(1));
        assertThat(fixture.reconcile().pending()).isEmpty();
        assertThat(fixture.client.describe("a", "in_a")).isPresent();
    }

    @Test
    void aDatabaseWhoseDropTheTargetRefusesKeepsNothingElseWaiting() {
        source.database("d");
        fixture.reconcile();
        source.dropDatabase("d");
        fixture.milvus.refuse("DropDatabase", 65535, "database not empty");
        source.put(SourceDouble.collection(1, "c", 100).build());

        assertThat(fixture.reconcile(1L).pending())
                .singleElement()
                .asString()
                .startsWith("database d: ")
                .contains("not empty");
        assertThat(fixture.copy("c").createdTs()).isEqualTo(100);

        fixture.milvus.refuseNothing();
        assertThat(fixture.reconcile().pending()).isEmpty();
        assertThat(fixture.client.listDatabases()).containsExactly("default");
    }

    @Test
    void stopsAtAFatalRefusal() {
        fixture.milvus.refuse("CreateCollection", 1401, "permission deny");
        source.put(SourceDouble.collection(1, "a", 100).build());

        assertThatThrownBy(fixture::reconcile)
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("CreateCollection default.a")
                .hasMessageContaining("privileges");
    }

    @Test
    void leavesEverythingForLaterWhileTheTargetDoesNotAnswer() {
        source.put(SourceDouble.collection(1, "a", 100).build());
        fixture.milvus.close();

        assertThat(fixture.reconcile().applied()).isEmpty();
    }

    @Test
    void dropsADatabaseThatIsGoneAtTheSourceOnceItIsEmpty() {
        source.database("d");
        fixture.replicate(SourceDouble.collection(1, "c", 100).db("d").build());
        source.drop(1);
        source.dropDatabase("d");

        assertThat(fixture.reconcile(1L).pending())
                .singleElement()
                .asString()
                .contains("database d");

        drops.dropCollection(100, "d", "c", 150);
        assertThat(fixture.reconcile(1L).applied()).containsExactly("dropped database d");
        assertThat(fixture.client.listDatabases()).containsExactly("default");
    }

    @Test
    void makesADatabaseForACollectionOfItButNeverDropsSuchAOne() {
        SourceCollection rows = SourceDouble.collection(1, "rows", 100).db("partly").build();
        fixture.replicate(rows);
        assertThat(fixture.client.listDatabases()).contains("partly");

        fixture.source.drop(1);
        fixture.client.dropCollection("partly", "rows", 200);
        fixture.reconcile(1L);
        assertThat(fixture.client.listDatabases()).contains("partly");
    }

    @Test
    void keepsADatabaseThatACollectionOfAnotherDatabaseStillGoesInto() {
        fixture.source.database("all");
        fixture.replicate(SourceDouble.collection(1, "rows", 100).db("all").build());
        fixture.source.dropDatabase("all");

        assertThat(fixture.reconcile().pending()).isEmpty();
        assertThat(fixture.client.listDatabases()).contains("all");
        fixture.source.drop(1);
        fixture.client.dropCollection("all", "rows", 200);
        fixture.reconcile(1L);
        assertThat(fixture.client.listDatabases()).doesNotContain("all");
    }

    @Test
    void makesADatabaseAgainThatWasDroppedWithACommitAndIsThereAnewAtTheSource() {
        source.database("d");
        fixture.reconcile();
        drops.dropIfEmpty("d");

        fixture.reconciler.restoreKnownDatabases(List.of("d"));
        fixture.reconcile();

        assertThat(fixture.client.listDatabases()).contains("d");
    }

    @Test
    void dropsNoDatabaseThatItHasNotSeenAtTheSource() {
        fixture.client.createDatabase("users", List.of());

        fixture.reconcile();

        assertThat(fixture.client.listDatabases()).contains("users");
    }

    private boolean loaded(String partition) {
        return fixture.client.loadState("default", "c", List.of(partition))
                == LoadState.LoadStateLoaded;
    }
}

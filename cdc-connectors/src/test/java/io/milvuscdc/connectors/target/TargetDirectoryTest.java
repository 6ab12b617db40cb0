// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.target.SourceDouble.Draft;
import io.milvuscdc.connectors.target.TargetDirectory.Resolution;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TargetDirectoryTest {

    private final TargetFixture fixture = new TargetFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void findsTheCopyByItsCreateTsUnderAnotherName() throws IOException {
        fixture.client.createCollection(SourceDouble.collection(1, "old_name", 100).build());

        Resolution resolution = resolve(SourceDouble.collection(1, "new_name", 100).build());

        assertThat(resolution).isInstanceOf(Resolution.Routed.class);
        TargetCollection copy = ((Resolution.Routed) resolution).target();
        assertThat(copy.name()).isEqualTo("old_name");
        assertThat(copy.vchannels()).hasSize(1);
    }

    @Test
    void saysMissingWhenNothingHasTheName() throws IOException {
        assertThat(resolve(SourceDouble.collection(1, "c", 100).build()))
                .isInstanceOf(Resolution.Missing.class);
    }

    @Test
    void readsTheListingAgainAfterAHundredMilliseconds() throws IOException {
        assertThat(fixture.directory.findByCreateTs(100)).isEmpty();
        fixture.client.createCollection(SourceDouble.collection(1, "c", 100).build());

        assertThat(fixture.directory.findByCreateTs(100)).isEmpty();
        fixture.later(Duration.ofMillis(100));
        assertThat(fixture.directory.findByCreateTs(100)).isPresent();
    }

    @Test
    void findsACopyThatWasJustMadeUnderTheNameBefore() throws IOException {
        assertThat(resolve(SourceDouble.collection(1, "before", 100).build()))
                .isInstanceOf(Resolution.Missing.class);
        fixture.client.createCollection(SourceDouble.collection(1, "before", 100).build());

        assertThat(resolve(SourceDouble.collection(1, "renamed", 100).build()))
                .isInstanceOf(Resolution.Routed.class);
    }

    @Test
    void dropsASecondCopyThatItHasJustMadeUnderTheNewName() throws IOException {
        TargetDirectory other =
                new TargetDirectory(fixture.client, new Adoptions(), fixture.nanos::get);
        assertThat(other.create(SourceDouble.collection(1, "before", 100).build())).isTrue();

        assertThat(fixture.directory.create(SourceDouble.collection(1, "renamed", 100).build()))
                .isFalse();

        assertThat(fixture.directory.findByCreateTs(100).orElseThrow().name()).isEqualTo("before");
        assertThat(fixture.client.describe("default", "renamed")).isEmpty();
    }

    @Test
    void whatAnotherPartOfTheJobMakesAtTheSameTimeIsThere() throws IOException {
        SourceCollection source = SourceDouble.collection(1, "c", 100).build();
        TargetDirectory other =
                new TargetDirectory(fixture.client, new Adoptions(), fixture.nanos::get);
        assertThat(resolve(source)).isInstanceOf(Resolution.Missing.class);
        assertThat(other.resolve(source, ts -> true)).isInstanceOf(Resolution.Missing.class);

        assertThat(other.create(source)).isTrue();
        assertThat(fixture.directory.create(source)).isFalse();

        assertThat(resolve(source)).isInstanceOf(Resolution.Routed.class);
    }

    @Test
    void whatHasTheNameButIsNoCopyIsNotTakenForOne() {
        fixture.client.createCollection(SourceDouble.collection(1, "c", 100).build());

        assertThatThrownBy(
                        () ->
                                fixture.directory.create(
                                        SourceDouble.collection(2, "c", 200).build()))
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("duplicate collection");
    }

    @Test
    void showsThePartitionsOfARenamedCollectionAndNotThoseOfTheOneThatHasItsName()
            throws IOException {
        TargetCollection copy = made(1, "name", 100);
        fixture.client.rename("default", "name", "default", "elsewhere");
        made(2, "name", 200);
        fixture.client.createPartition("default", "name", "of_the_other");
        fixture.client.createPartition("default", "elsewhere", "its_own");

        assertThat(fixture.directory.partitions(copy.id())).containsOnlyKeys("_default", "its_own");
    }

    @Test
    void showsNoPartitionsOfACollectionThatIsGone() throws IOException {
        TargetCollection copy = made(1, "name", 100);
        fixture.client.dropCollection("default", "name", 150);
        made(2, "name", 200);

        assertThat(fixture.directory.partitions(copy.id())).isEmpty();
    }

    private TargetCollection made(long sourceId, String name, long createTs) {
        fixture.client.createCollection(SourceDouble.collection(sourceId, name, createTs).build());
        fixture.directory.refresh();
        return fixture.directory.findByCreateTs(createTs).orElseThrow();
    }

    @Test
    void waitsForTheDropOfAnOlderCollectionOfTheName() throws IOException {
        fixture.client.createCollection(SourceDouble.collection(1, "c", 100).build());

        assertThat(resolve(SourceDouble.collection(2, "c", 200).build()))
                .isInstanceOf(Resolution.Blocked.class);
    }

    @Test
    void waitsWhileAnAliasHasTheName() throws IOException {
        fixture.client.createCollection(SourceDouble.collection(1, "a", 100).build());
        fixture.client.createAlias("default", "a", "c");

        assertThat(resolve(SourceDouble.collection(2, "c", 200).build()))
                .isEqualTo(new Resolution.Blocked("its name is an alias of default.a there"));
    }

    @Test
    void waitsWhileTheCopyOfAYoungerSourceCollectionHasTheName() throws IOException {
        fixture.client.createCollection(SourceDouble.collection(2, "c", 200).build());

        SourceCollection older = SourceDouble.collection(1, "c", 100).build();

        fixture.later(Duration.ofSeconds(10));
        assertThat(fixture.directory.resolve(older, ts -> ts == 200))
                .isInstanceOf(Resolution.Blocked.class);
    }

    @Test
    void takesOverACollectionOfTheUserWithTheSameSchemaAfterALook() throws IOException {
        fixture.client.createCollection(SourceDouble.collection(9, "c", 500).build());
        SourceCollection source = SourceDouble.collection(1, "c", 100).build();

        assertThat(resolve(source)).isInstanceOf(Resolution.Blocked.class);
        fixture.later(Duration.ofSeconds(2));
        assertThat(resolve(source)).isInstanceOf(Resolution.Adopt.class);
    }

    @Test
    void aCopyThatWasTakenOverIsTheSameCollectionsWhateverBothAreCalledByNow() throws IOException {
        fixture.client.createCollection(SourceDouble.collection(9, "c", 500).build());
        SourceCollection source = SourceDouble.collection(1, "c", 100).build();
        resolve(source);
        fixture.later(Duration.ofSeconds(2));
        resolve(source);

        SourceCollection renamed = SourceDouble.collection(1, "renamed", 100).build();
        SourceCollection dropped = Draft.of(renamed).state(ObjectState.DROPPED).build();
        assertThat(resolve(renamed)).isInstanceOf(Resolution.Routed.class);
        assertThat(resolve(dropped)).isInstanceOf(Resolution.Routed.class);
        assertThat(resolve(SourceDouble.collection(2, "c", 150).build()))
                .as("of a collection that has taken its name at the source")
                .isInstanceOf(Resolution.Blocked.class);
    }

    @Test
    void aCopyThatAnEarlierRunHasTakenOverIsFoundUnderAnotherName() throws IOException {
        fixture.client.createCollection(SourceDouble.collection(9, "c", 500).build());
        SourceCollection renamed = SourceDouble.collection(1, "renamed", 100).build();
        assertThat(resolve(renamed)).isInstanceOf(Resolution.Missing.class);

        fixture.directory.remember(100, 500);
        assertThat(resolve(renamed)).isInstanceOf(Resolution.Routed.class);

        fixture.client.dropCollection("default", "c", 600);
        fixture.directory.refresh();
        assertThat(resolve(renamed)).as("once it's gone").isInstanceOf(Resolution.Missing.class);
    }

    @Test
    void theCheckBeforeATaskFindsACollectionThatDoesNotFit() {
        fixture.client.createCollection(
                SourceDouble.collection(9, "c", 500)
                        .fields(SourceDouble.key(), SourceDouble.vector(8))
                        .build());
        SourceCollection source = SourceDouble.collection(1, "c", 100).build();
        SourceCollection itsCopy =
                SourceDouble.collection(2, "c", 500)
                        .fields(SourceDouble.key(), SourceDouble.vector(8))
                        .build();

        assertThatThrownBy(
                        () ->
                                TargetCheck.schemas(
                                        config(), ReplicationScope.EVERYTHING, List.of(source)))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("default.c");
        assertThatCode(
                        () ->
                                TargetCheck.schemas(
                                        config(), ReplicationScope.EVERYTHING, List.of(itsCopy)))
                .doesNotThrowAnyException();
    }

    @Test
    void theCheckBeforeATaskLooksAtSelectedCollectionsUnderTheTargetsNames() {
        fixture.client.createCollection(
                SourceDouble.collection(9, "there", 500)
                        .fields(SourceDouble.key(), SourceDouble.vector(8))
                        .build());
        List<SourceCollection> sources =
                List.of(
                        SourceDouble.collection(1, "mapped", 100).build(),
                        SourceDouble.collection(2, "there", 200).build());
        Selection mapped =
                new Selection(List.of(new CollectionPattern("default", "mapped")), List.of());
        NameMapping.Entry onto =
                new NameMapping.Entry("default", "default", Map.of("mapped", "there"));
        NameMapping.Entry elsewhere =
                new NameMapping.Entry("default", "default", Map.of("mapped", "elsewhere"));

        assertThatThrownBy(() -> TargetCheck.schemas(config(), scope(mapped, onto), sources))
                .hasMessageContaining("default.there");
        assertThatCode(() -> TargetCheck.schemas(config(), scope(mapped, elsewhere), sources))
                .doesNotThrowAnyException();
        assertThatThrownBy(
                        () ->
                                TargetCheck.schemas(
                                        config(), scope(Selection.EVERYTHING, onto), sources))
                .hasMessageContaining("are both called default.there");
    }

    private static ReplicationScope scope(Selection selection, NameMapping.Entry entry) {
        return new ReplicationScope(selection, new NameMapping(List.of(entry)), false, false);
    }

    private TargetConfig config() {
        return TargetConfig.of(fixture.milvus.uri(), "", Duration.ofSeconds(5));
    }

    @Test
    void refusesACollectionOfTheUserWithAnotherSchema() throws IOException {
        fixture.client.createCollection(
                SourceDouble.collection(9, "c", 500)
                        .fields(SourceDouble.key(), SourceDouble.vector(8))
                        .build());
        SourceCollection source = SourceDouble.collection(1, "c", 100).build();
        assertThat(resolve(source)).isInstanceOf(Resolution.Blocked.class);
        fixture.later(Duration.ofSeconds(2));

        assertThatThrownBy(() -> resolve(source))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("default.c")
                .hasMessageContaining("dim of field v")
                .hasMessageContaining("drop or rename it");
    }

    @Test
    void refusesACollectionOfTheUserWithAnotherNumberOfPartitionsByKey() throws IOException {
        fixture.client.createCollection(keyed(9, 500).partitionsOfKey(16).build());
        SourceCollection source = keyed(1, 100).partitionsOfKey(64).build();
        assertThat(resolve(source)).isInstanceOf(Resolution.Blocked.class);
        fixture.later(Duration.ofSeconds(2));

        assertThatThrownBy(() -> resolve(source))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("num_partitions = 64");
        assertThat(resolve(keyed(1, 100).partitionsOfKey(16).build()))
                .isInstanceOf(Resolution.Adopt.class);
    }

    private static Draft keyed(long id, long createTs) {
        return SourceDouble.collection(id, "c", createTs)
                .fields(SourceDouble.key(), SourceDouble.vector(4), SourceDouble.partitionKey());
    }

    @Test
    void saysGoneWhenADroppedCollectionHasNoCopy() throws IOException {
        assertThat(resolve(SourceDouble.collection(1, "c", 100).state(ObjectState.DROPPED).build()))
                .isInstanceOf(Resolution.Gone.class);
    }

    private Resolution resolve(SourceCollection source) throws IOException {
        return fixture.directory.resolve(source, ts -> false);
    }
}

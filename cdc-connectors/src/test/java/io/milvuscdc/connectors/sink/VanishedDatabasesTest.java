// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.target.TargetException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class VanishedDatabasesTest {

    private final SourceCollections source = new SourceCollections().database("default");
    private final Set<String> target = new TreeSet<>(Set.of("default", "shop", "all"));
    private final Set<String> withCollections = new TreeSet<>();
    private boolean refused;

    @Test
    void dropsAnEmptyOneWithTheCommitSoThatARestartBehindItLosesNothing() {
        assertThat(vanished("*.*").dropped("shop")).isTrue();

        assertThat(target).doesNotContain("shop");
    }

    @Test
    void dropsOneWithItsLastCollectionAlsoWhenItsOwnDropWasReadBeforeARestart() {
        withCollections.add("shop");
        assertThat(vanished("*.*").dropped("shop")).isFalse();

        VanishedDatabases restarted = vanished("*.*");
        assertThat(restarted.lostACollection("shop")).isFalse();
        withCollections.clear();
        assertThat(restarted.lostACollection("shop")).isTrue();

        assertThat(target).doesNotContain("shop");
    }

    @Test
    void leavesWhatCannotBeDroppedYetToTheOneWhoTakesIt() {
        withCollections.add("shop");
        VanishedDatabases vanished = vanished("*.*");
        vanished.dropped("shop");

        assertThat(vanished.take()).containsExactly("shop");
        assertThat(vanished.take()).isEmpty();
    }

    @Test
    void leavesWhatTheTargetRefusesToTheOneWhoTakesIt() {
        refused = true;
        VanishedDatabases vanished = vanished("*.*");

        assertThat(vanished.dropped("shop")).isFalse();
        assertThat(vanished.take()).containsExactly("shop");
        assertThat(vanished.lostACollection("shop")).isFalse();
        assertThat(vanished.take()).containsExactly("shop");
    }

    @Test
    void hasOneThatItDroppedLookedAtSinceItMayBeMadeAnew() {
        VanishedDatabases vanished = vanished("*.*");

        assertThat(vanished.lostACollection("shop")).isTrue();
        assertThat(vanished.take()).containsExactly("shop");
    }

    @Test
    void dropsNoneThatTheSourceStillShows() {
        source.database("shop");

        assertThat(vanished("*.*").dropped("shop")).isFalse();
        assertThat(vanished("*.*").lostACollection("shop")).isFalse();
        assertThat(target).contains("shop");
    }

    @Test
    void dropsNoneThatAnotherDatabaseOfTheSourceGoesInto() {
        NameMapping names =
                new NameMapping(
                        List.of(
                                new NameMapping.Entry("shop", "all", Map.of()),
                                new NameMapping.Entry("stock", "all", Map.of())));
        VanishedDatabases vanished = vanished(names, "*.*");

        source.database("stock");
        assertThat(vanished.dropped("shop")).isFalse();
        assertThat(target).contains("all", "shop");
    }

    @Test
    void dropsTheOneThatItIsCalledAtTheTarget() {
        NameMapping names =
                new NameMapping(List.of(new NameMapping.Entry("shop", "all", Map.of())));

        assertThat(vanished(names, "*.*").dropped("shop")).isTrue();
        assertThat(target).containsExactly("default", "shop");
    }

    @Test
    void dropsNoneOfWhichOnlySomeCollectionsAreReplicatedNorTheDefaultOne() {
        assertThat(vanished("shop.orders").dropped("shop")).isFalse();
        assertThat(vanished("shop.orders").lostACollection("shop")).isFalse();
        assertThat(vanished("*.*").lostACollection("default")).isFalse();
        assertThat(vanished("*.*").lostACollection("")).isFalse();
        assertThat(target).containsExactly("all", "default", "shop");
    }

    private VanishedDatabases vanished(String... patterns) {
        return vanished(NameMapping.NONE, patterns);
    }

    private VanishedDatabases vanished(NameMapping names, String... patterns) {
        Selection selection =
                new Selection(
                        Arrays.stream(patterns).map(VanishedDatabasesTest::pattern).toList(),
                        List.of());
        return new VanishedDatabases(
                new ReplicationScope(selection, names, false, false),
                source::databases,
                this::dropIfEmpty);
    }

    private boolean dropIfEmpty(String database) {
        if (refused) {
            throw TargetException.retry("it has collections that the user doesn't see");
        }
        return !withCollections.contains(database) && target.remove(database);
    }

    private static CollectionPattern pattern(String text) {
        int dot = text.indexOf('.');
        return new CollectionPattern(text.substring(0, dot), text.substring(dot + 1));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static io.milvuscdc.connectors.sink.SourceCollections.collection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.catalogue.SourceLoad;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.FatalTargetException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ScopedViewTest {

    private final SourceCollections source =
            new SourceCollections()
                    .database("default")
                    .database("shop")
                    .database("stock")
                    .put(collection(1, "default", "a"))
                    .put(collection(2, "shop", "orders", "newest"))
                    .put(collection(3, "shop", "secret"))
                    .put(collection(4, "stock", "items"));

    @Test
    void showsOnlyWhatIsSelected() throws IOException {
        ScopedView view =
                view(selection("shop.*", "stock.items").excluding("shop.secret"), NameMapping.NONE);

        assertThat(names(view)).containsExactly("shop.orders", "stock.items");
        assertThat(view.databases()).extracting(SourceDatabase::name).containsExactly("shop");
        assertThat(view.collection(1)).isEmpty();
        assertThat(view.collection(3)).isEmpty();
        assertThat(view.collection(4)).isPresent();
    }

    @Test
    void showsADatabaseThatIsMadeLaterWhenAllAreSelected() throws IOException {
        ScopedView view = view(selection("*.*").excluding("default.a"), NameMapping.NONE);
        source.database("later").put(collection(9, "later", "x"));
        assertThat(names(view)).doesNotContain("later.x");

        view.decideOnNew();
        assertThat(names(view)).contains("later.x").doesNotContain("default.a");
        assertThat(view.databases()).extracting(SourceDatabase::name).contains("later");
    }

    @Test
    void showsTheTargetsNamesAndEachDatabaseOnce() throws IOException {
        NameMapping names =
                new NameMapping(
                        List.of(
                                new NameMapping.Entry("shop", "all", Map.of()),
                                new NameMapping.Entry("shop", "vault", Map.of("secret", "s")),
                                new NameMapping.Entry("stock", "all", Map.of())));
        ScopedView view = view(selection("shop.*", "stock.*"), names);

        assertThat(names(view)).containsExactly("all.orders", "vault.s", "all.items");
        assertThat(view.databases()).extracting(SourceDatabase::name).containsExactly("all");
        assertThat(view.collection(3)).map(SourceCollection::dbName).contains("vault");
    }

    @Test
    void findsACollectionByWhatTheSourceCallsIt() throws IOException {
        NameMapping names =
                new NameMapping(
                        List.of(new NameMapping.Entry("shop", "all", Map.of("orders", "o"))));
        ScopedView view = view(selection("shop.orders", "default.*"), names);

        assertThat(view.called("shop", "newest")).map(SourceCollection::name).contains("o");
        assertThat(view.called("shop", "orders")).map(SourceCollection::dbName).contains("all");
        assertThat(view.called("", "a")).map(SourceCollection::id).contains(1L);
        assertThat(view.called("shop", "secret")).isEmpty();
        assertThat(view.called("shop", "o")).isEmpty();
    }

    @Test
    void refusesTwoCollectionsUnderOneNameOfTheTarget() throws IOException {
        NameMapping names =
                new NameMapping(
                        List.of(
                                new NameMapping.Entry("shop", "all", Map.of()),
                                new NameMapping.Entry("stock", "all", Map.of())));
        ScopedView view = view(selection("shop.*", "stock.*"), names);
        source.put(collection(5, "stock", "orders"));
        view.decideOnNew();

        assertThatThrownBy(view::collections)
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("shop.orders")
                .hasMessageContaining("stock.orders")
                .hasMessageContaining("all.orders");
    }

    @Test
    void oneAliasOfTwoDatabasesThatBecomeOneStaysWithTheOldestCollection() throws IOException {
        NameMapping names =
                new NameMapping(
                        List.of(
                                new NameMapping.Entry("shop", "all", Map.of()),
                                new NameMapping.Entry("stock", "all", Map.of())));
        source.put(collection(6, "stock", "things", "newest", "other"));
        ScopedView view = view(selection("shop.*", "stock.*"), names);

        assertThat(view.collection(2).orElseThrow().aliases()).containsExactly("newest");
        assertThat(view.collection(6).orElseThrow().aliases()).containsExactly("other");
        assertThat(view.collections())
                .filteredOn(c -> c.aliases().contains("newest"))
                .extracting(SourceCollection::id)
                .containsExactly(2L);
    }

    @Test
    void hidesPartitionsThatAreIgnoredAndLoadsTheCollectionAsAWhole() throws IOException {
        ReplicationScope ignoring =
                new ReplicationScope(Selection.EVERYTHING, NameMapping.NONE, true, false);
        SourceCollection shown = view(ignoring).collection(1).orElseThrow();

        assertThat(shown.partitions()).isEmpty();
        assertThat(shown.load()).contains(new SourceLoad(true, 2, Set.of()));
    }

    private static List<String> names(ScopedView view) {
        return view.collections().stream().map(c -> c.dbName() + "." + c.name()).toList();
    }

    /** A selection in words. */
    private record Patterns(Selection selection) {
        Patterns excluding(String pattern) {
            return new Patterns(new Selection(selection.included(), List.of(pattern(pattern))));
        }
    }

    private static Patterns selection(String... patterns) {
        return new Patterns(
                new Selection(
                        List.of(patterns).stream().map(ScopedViewTest::pattern).toList(),
                        List.of()));
    }

    private static CollectionPattern pattern(String text) {
        String[] parts = text.split("\\.", 2);
        return new CollectionPattern(parts[0], parts[1]);
    }

    private ScopedView view(Patterns patterns, NameMapping names) throws IOException {
        return view(new ReplicationScope(patterns.selection(), names, false, false));
    }

    private ScopedView view(ReplicationScope scope) throws IOException {
        ScopedView view =
                new ScopedView(
                        source,
                        scope,
                        new Membership(
                                scope.selection(),
                                StartPoint.BEGINNING,
                                id -> Optional.empty(),
                                createTs -> false));
        view.decideOnNew();
        return view;
    }
}

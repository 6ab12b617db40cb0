// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.FieldData;
import io.milvuscdc.e2e.compare.ContentComparer.Copies;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ContentComparerTest {

    private static final CollectionSchema SCHEMA = SampleSchemas.everyScalar(4);

    @Test
    void findsNothingWhereBothHoldTheSame() {
        ContentComparison comparison =
                ContentComparer.compare(
                        content(Map.of("shards", "2"), 3, rows(1, 3, 0)),
                        content(Map.of("shards", "2"), 3, rows(1, 3, 0)));

        assertThat(comparison.isEqual()).isTrue();
        assertThat(comparison.notCompared()).isEmpty();
    }

    @Test
    void namesTraitsThatDiffer() {
        ContentComparison comparison =
                ContentComparer.compare(
                        content(Map.of("shards", "2", "index i", "FLAT"), 0, rows(1, 0, 0)),
                        content(Map.of("shards", "1", "alias a", ""), 0, rows(1, 0, 0)));

        assertThat(comparison.differences())
                .containsExactly(
                        "collection default.c: alias a is at the target only",
                        "collection default.c: index i is missing at the target",
                        "collection default.c, shards: 2 at the source, 1 at the target");
    }

    @Test
    void namesRowsThatAreMissingSurplusAndChanged() {
        RowDigests source = rows(1, 3, 0);
        RowDigests target = rows(3, 2, 1);

        assertThat(
                        ContentComparer.compare(
                                        content(Map.of(), 3, source), content(Map.of(), 3, target))
                                .differences())
                .satisfiesExactly(
                        missing -> assertThat(missing).endsWith("missing at the target: 2 (1, 2)"),
                        surplus -> assertThat(surplus).endsWith("at the target only: 1 (4)"),
                        changed ->
                                assertThat(changed)
                                        .contains("rows that differ: 1 (3 in [")
                                        .contains("vector")
                                        .contains("json")
                                        .contains("words"));
    }

    @Test
    void seesCopiesOfARowByTheCountOnly() {
        assertThat(
                        ContentComparer.compare(
                                        content(Map.of(), 3, rows(1, 3, 0)),
                                        content(Map.of(), 6, rows(1, 3, 0)))
                                .differences())
                .containsExactly(
                        "collection default.c, count(*): 3 at the source, 6 at the target");
    }

    @Test
    void letsCopiesPassOnlyWhereTheyMayBe() {
        MilvusContent once = content(Map.of(), 3, rows(1, 3, 0));
        MilvusContent twice = content(Map.of(), 6, rows(1, 3, 0));
        MilvusContent otherRows = content(Map.of(), 6, rows(1, 3, 1));

        assertThat(ContentComparer.compare(once, twice, Copies.AT_TARGET).isEqual()).isTrue();
        assertThat(ContentComparer.compare(twice, once, Copies.AT_TARGET).isEqual()).isFalse();
        assertThat(ContentComparer.compare(once, otherRows, Copies.AT_TARGET).isEqual()).isFalse();
        assertThat(ContentComparer.compare(twice, once, Copies.AT_SOURCE).isEqual()).isTrue();
        assertThat(ContentComparer.compare(once, twice, Copies.AT_SOURCE).isEqual()).isFalse();
    }

    @Test
    void saysWhoseRowsWereNotCompared() {
        MilvusContent unloaded =
                content(
                        new CollectionContent(
                                1,
                                new TreeMap<>(),
                                "LoadStateNotLoad",
                                new TreeMap<>(),
                                Optional.empty(),
                                Optional.empty()));

        ContentComparison comparison = ContentComparer.compare(unloaded, unloaded);

        assertThat(comparison.isEqual()).isTrue();
        assertThat(comparison.notCompared())
                .containsExactly("collection default.c: its rows, it isn't loaded at both sides");
    }

    @Test
    void saysWhichPartitionsRowsWereNotCompared() {
        MilvusContent partly =
                content(
                        new CollectionContent(
                                1,
                                new TreeMap<>(),
                                CollectionContent.LOADED,
                                new TreeMap<>(
                                        Map.of(
                                                "a",
                                                new PartitionContent(
                                                        CollectionContent.LOADED, Optional.of(3L)),
                                                "b",
                                                new PartitionContent(
                                                        "LoadStateNotLoad", Optional.empty()))),
                                Optional.of(3L),
                                Optional.of(rows(1, 3, 0))));

        assertThat(ContentComparer.compare(partly, partly).notCompared())
                .containsExactly(
                        "collection default.c, partition b: its rows, it isn't loaded at both"
                                + " sides");
    }

    private static RowDigests rows(long first, int count, int version) {
        RowDigests rows = new RowDigests();
        List<FieldData> page =
                new ArrayList<>(new SampleRows(SCHEMA, first, count, version).columns());
        rows.add(SampleSchemas.KEY, page);
        return rows;
    }

    private static MilvusContent content(Map<String, String> traits, long count, RowDigests rows) {
        return content(
                new CollectionContent(
                        1,
                        new TreeMap<>(traits),
                        CollectionContent.LOADED,
                        new TreeMap<>(),
                        Optional.of(count),
                        Optional.of(rows)));
    }

    private static MilvusContent content(CollectionContent collection) {
        SortedMap<String, CollectionContent> collections = new TreeMap<>();
        collections.put("default.c", collection);
        return new MilvusContent(new TreeSet<>(List.of("default")), collections);
    }
}

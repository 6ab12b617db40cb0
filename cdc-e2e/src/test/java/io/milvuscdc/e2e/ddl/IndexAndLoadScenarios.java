// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Indexes and what is in the query nodes' memory. */
interface IndexAndLoadScenarios extends Scenarios {

    @Test
    default void everyIndexTypeArrives() {
        SourceDatabase db = newDatabase("index_types");
        Map.of(
                        "FLAT", "{}",
                        "IVF_FLAT", "{\"nlist\": 16}",
                        "IVF_SQ8", "{\"nlist\": 16}",
                        "IVF_PQ", "{\"nlist\": 16, \"m\": 4, \"nbits\": 8}",
                        "HNSW", "{\"M\": 8, \"efConstruction\": 64}",
                        "SCANN", "{\"nlist\": 16, \"with_raw_data\": true}")
                .forEach(
                        (type, params) ->
                                db.create(type.toLowerCase(java.util.Locale.ROOT), Schemas.plain())
                                        .index(
                                                Schemas.VECTOR,
                                                type,
                                                Map.of("metric_type", "IP", "params", params)));
        db.create("bin_ivf_flat", Schemas.varcharKeyAndBinaryVector())
                .index(
                        Schemas.VECTOR,
                        "BIN_IVF_FLAT",
                        Map.of("metric_type", "JACCARD", "params", "{\"nlist\": 16}"));
        db.create("scalar", Schemas.plain())
                .insert(SampleRows.of(0, 20))
                .index(Schemas.VECTOR, "AUTOINDEX", Map.of("metric_type", "COSINE"))
                .index("text", "Trie", Map.of())
                .index("number", "STL_SORT", Map.of())
                .load();
        endsEqual(db);
    }

    @Test
    default void indexesAreReplaced() {
        SourceDatabase db = newDatabase("index_changes");
        SourceCollection rows =
                db.create("rows", Schemas.plain())
                        .insert(SampleRows.of(0, 20))
                        .index(Schemas.VECTOR, "first", "FLAT", Map.of("metric_type", "L2"))
                        .index("text", "Trie", Map.of())
                        .load();
        replicated().awaitEqual(db);
        rows.release()
                .dropIndex(Schemas.VECTOR, "first")
                .dropIndex("text", "idx_text")
                .index(
                        Schemas.VECTOR,
                        "second",
                        "IVF_FLAT",
                        Map.of("metric_type", "IP", "params", "{\"nlist\": 8}"))
                .load();
        // the same name with other parameters
        db.create("same_name", Schemas.plain())
                .index(Schemas.VECTOR, "i", "FLAT", Map.of("metric_type", "L2"))
                .dropIndex(Schemas.VECTOR, "i")
                .index(Schemas.VECTOR, "i", "FLAT", Map.of("metric_type", "IP"));
        db.create("dropped_index", Schemas.plain())
                .index()
                .dropIndex(Schemas.VECTOR, "idx_" + Schemas.VECTOR);
        endsEqual(db);
    }

    @Test
    default void collectionsAreLoadedReleasedAndFlushed() {
        SourceDatabase db = newDatabase("load_release");
        SourceCollection rows =
                db.create("rows", Schemas.plain(), request -> request.setShardsNum(2))
                        .insert(SampleRows.of(0, 30))
                        .flush()
                        .index()
                        .load()
                        .insert(SampleRows.of(30, 30));
        replicated().awaitEqual(db);
        rows.release().insert(SampleRows.of(60, 30)).delete("id in [1, 31, 61]").flush();
        replicated().awaitEqual(db);
        rows.load().insert(SampleRows.of(90, 10));
        endsEqual(db);
    }

    @Test
    default void singlePartitionsAreLoadedAndReleased() {
        SourceDatabase db = newDatabase("load_partitions");
        SourceCollection rows =
                db.create("rows", Schemas.plain())
                        .createPartition("a")
                        .createPartition("b")
                        .insert("a", SampleRows.of(0, 20))
                        .insert("b", SampleRows.of(20, 20))
                        .insert(SampleRows.of(40, 20))
                        .index()
                        .loadPartitions("a");
        replicated().awaitEqual(db);
        rows.loadPartitions("b").insert("b", SampleRows.of(60, 5));
        replicated().awaitEqual(db);
        rows.releasePartitions("a").insert("a", SampleRows.of(70, 5));
        replicated().awaitEqual(db);
        rows.release().load();
        replicated().awaitEqual(db);
        rows.releasePartitions("a", "b");
        replicated().awaitEqual(db);
        rows.release();
        endsEqual(db);
    }
}

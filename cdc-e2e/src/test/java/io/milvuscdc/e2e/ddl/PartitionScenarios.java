// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import org.junit.jupiter.api.Test;

/** Partitions and the rows in them. */
interface PartitionScenarios extends Scenarios {

    @Test
    default void partitionsComeAndGoWithTheirRows() {
        SourceDatabase db = newDatabase("partitions");
        SourceCollection rows =
                db.create("rows", Schemas.plain(), request -> request.setShardsNum(2))
                        .createPartition("a")
                        .createPartition("b")
                        .createPartition("empty")
                        .insert("a", SampleRows.of(0, 20))
                        .insert("b", SampleRows.of(20, 20))
                        .insert(SampleRows.of(40, 20))
                        .createPartition("dropped_soon")
                        .insert("dropped_soon", SampleRows.of(60, 20))
                        .dropPartition("dropped_soon")
                        .delete("a", "id in [0, 1, 20]")
                        .delete("id in [21, 41]")
                        .index()
                        .load()
                        .createPartition("after_load")
                        .insert("after_load", SampleRows.of(80, 20))
                        .upsert("a", SampleRows.of(5, 5).version(1));
        replicated().awaitEqual(db);
        rows.releasePartitions("b").dropPartition("b").insert("a", SampleRows.of(100, 5));
        endsEqual(db);
    }

    @Test
    default void partitionOfTheSameNameIsMadeAgainAtOnce() {
        SourceDatabase db = newDatabase("partitions_again");
        SourceCollection rows =
                db.create("rows", Schemas.plain(), request -> request.setShardsNum(2))
                        .createPartition("p")
                        .insert("p", SampleRows.of(0, 20));
        for (int i = 1; i < 5; i++) {
            rows.dropPartition("p")
                    .createPartition("p")
                    .insert("p", SampleRows.of(i * 10L, 20).version(i));
        }
        rows.index().load().insert("p", SampleRows.of(1000, 5));
        endsEqual(db);
    }

    @Test
    default void partitionOfTheSameNameIsMadeAgainWhileItsCollectionIsLoaded() {
        SourceDatabase db = newDatabase("partitions_again_loaded");
        SourceCollection rows =
                db.create("rows", Schemas.plain())
                        .createPartition("p")
                        .insert("p", SampleRows.of(0, 20))
                        .insert(SampleRows.of(100, 20))
                        .index()
                        .load();
        for (int i = 1; i < 3; i++) {
            rows.releasePartitions("p")
                    .dropPartition("p")
                    .createPartition("p")
                    .insert("p", SampleRows.of(i * 10L, 20).version(i));
        }
        rows.loadPartitions("p");
        endsEqual(db);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import org.junit.jupiter.api.Test;

/** Rows: inserted, deleted, replaced. */
interface RowScenarios extends Scenarios {

    @Test
    default void rowsAreInsertedDeletedAndReplaced() {
        SourceDatabase db = newDatabase("row_changes");
        SourceCollection rows =
                db.create("rows", Schemas.plain(), request -> request.setShardsNum(2))
                        .insert(SampleRows.of(0, 100))
                        .delete("id in [1, 3, 5]")
                        .index()
                        .load()
                        .delete("id in [7]")
                        .delete("number > 0 and id >= 50")
                        .upsert(SampleRows.of(20, 15).version(1))
                        .upsert(SampleRows.of(95, 10).version(1));
        for (int version = 2; version < 6; version++) {
            rows.upsert(SampleRows.of(40, 1).version(version));
        }
        rows.delete("id in [41]")
                .insert(SampleRows.of(41, 1).version(7))
                .delete("id in [42, 9999]")
                .insert(SampleRows.of(200, 20));
        endsEqual(db);
    }

    @Test
    default void rowsWithTextKeysAreDeletedAndReplaced() {
        SourceDatabase db = newDatabase("text_keys");
        db.create("rows", Schemas.varcharKeyAndBinaryVector(), request -> request.setShardsNum(2))
                .insert(SampleRows.of(0, 50))
                .delete("key in [\"key-1\", \"key-2\", \"nobody\"]")
                .upsert(SampleRows.of(10, 10).version(1))
                .upsert(SampleRows.of(10, 1).version(2))
                .index()
                .load()
                .delete("key like \"key-3%\"");
        endsEqual(db);
    }

    @Test
    default void aKeyThatIsInsertedTwiceCountsTwiceAtBothSides() {
        SourceDatabase db = newDatabase("same_keys");
        db.create("rows", Schemas.plain())
                .insert(SampleRows.of(0, 10))
                .insert(SampleRows.of(0, 10))
                .index()
                .load()
                .insert(SampleRows.of(5, 10));
        endsEqual(db);
    }
}

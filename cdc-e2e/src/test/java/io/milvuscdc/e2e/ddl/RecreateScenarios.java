// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import io.milvus.grpc.CollectionSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Collections that are dropped and made again under the same name. */
interface RecreateScenarios extends Scenarios {

    @Test
    default void collectionIsMadeAgainAtOnce() {
        SourceDatabase db = newDatabase("again_once");
        SourceCollection before =
                db.create("rows", Schemas.plain(), request -> request.setShardsNum(2))
                        .insert(SampleRows.of(0, 30))
                        .index()
                        .load();
        replicated().awaitEqual(db);
        before.insert(SampleRows.of(30, 30)).drop();
        db.create("rows", Schemas.plain(), request -> request.setShardsNum(2))
                .insert(SampleRows.of(10, 30).version(1))
                .index()
                .load()
                .insert(SampleRows.of(100, 10));
        endsEqual(db);
    }

    @Test
    default void collectionIsMadeAgainFiveTimesWithRowsEachTime() {
        SourceDatabase db = newDatabase("again_5_times");
        SourceCollection rows = db.create("rows", Schemas.plain()).insert(SampleRows.of(0, 20));
        for (int i = 1; i <= 5; i++) {
            rows.drop();
            rows =
                    db.create("rows", Schemas.plain(), request -> request.setShardsNum(2))
                            .createPartition("p")
                            .insert(SampleRows.of(i, 20).version(i))
                            .insert("p", SampleRows.of(i + 100, 20).version(i));
        }
        rows.index().load().delete("id in [6, 7]");
        endsEqual(db);
    }

    @Test
    default void collectionIsMadeAgainWithOtherSchemas() {
        SourceDatabase db = newDatabase("again_otherwise");
        List<CollectionSchema> schemas =
                List.of(
                        Schemas.plain(),
                        Schemas.varcharKeyAndBinaryVector(),
                        Schemas.autoInt64Key(),
                        Schemas.int64PartitionKey());
        for (CollectionSchema schema : schemas) {
            db.create("rows", schema).insert(SampleRows.of(0, 20)).index().load().drop();
        }
        db.create("rows", Schemas.dynamic()).insert(SampleRows.of(0, 20)).index().load();
        endsEqual(db);
    }

    @Test
    default void collectionThatWasDroppedForGoodStaysAway() {
        SourceDatabase db = newDatabase("dropped");
        SourceCollection loaded =
                db.create("loaded", Schemas.plain()).insert(SampleRows.of(0, 20)).index().load();
        db.create("short_lived", Schemas.plain()).insert(SampleRows.of(0, 20)).drop();
        db.create("never_written", Schemas.plain()).drop();
        replicated().awaitEqual(db);
        loaded.drop();
        endsEqual(db);
    }
}

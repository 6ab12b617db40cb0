// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import org.junit.jupiter.api.Test;

/** Aliases, names and properties: what no message of Milvus 2.3 announces. */
interface AliasAndNameScenarios extends Scenarios {

    @Test
    default void aliasesComeMoveAndGo() {
        SourceDatabase db = newDatabase("aliases");
        SourceCollection one =
                db.create("one", Schemas.plain()).insert(SampleRows.of(0, 10)).index().load();
        SourceCollection two =
                db.create("two", Schemas.plain()).insert(SampleRows.of(0, 20)).index().load();
        db.createAlias("moves", one);
        db.createAlias("stays", one);
        db.createAlias("goes", two);
        replicated().awaitEqual(db);
        db.alterAlias("moves", two);
        db.dropAlias("goes");
        // written through an alias
        new SourceCollection(db, "moves", Schemas.plain()).insert(SampleRows.of(50, 5));
        replicated().awaitEqual(db);
        // the name of what was dropped becomes an alias, and what was an alias a name
        one.drop();
        db.createAlias("one", two);
        db.dropAlias("moves");
        db.create("moves", Schemas.plain()).insert(SampleRows.of(5, 5)).index().load();
        endsEqual(db);
    }

    @Test
    default void renamedCollectionsGoOn() {
        SourceDatabase db = newDatabase("renamed");
        SourceCollection first =
                db.create("first", Schemas.plain(), request -> request.setShardsNum(2))
                        .insert(SampleRows.of(0, 20))
                        .index()
                        .load();
        replicated().awaitEqual(db);
        SourceCollection second = first.rename("second").insert(SampleRows.of(20, 20));
        replicated().awaitEqual(db);
        second.rename("third").insert(SampleRows.of(40, 20)).delete("id in [3, 23, 43]");
        endsEqual(db);
    }

    @Test
    default void renamedCollectionsGetPartitions() {
        SourceDatabase db = newDatabase("renamed_partitioned");
        SourceCollection first =
                db.create("name", Schemas.plain())
                        .createPartition("before")
                        .insert("before", SampleRows.of(0, 20))
                        .index()
                        .load();
        replicated().awaitEqual(db);
        SourceCollection renamed = first.rename("elsewhere").createPartition("after");
        db.create("name", Schemas.plain())
                .createPartition("after")
                .insert("after", SampleRows.of(0, 5))
                .index()
                .load();
        renamed.insert("after", SampleRows.of(20, 20));
        replicated().awaitEqual(db);
        renamed.rename("again").release().dropPartition("before").load();
        endsEqual(db);
    }

    @Test
    default void nameIsTakenAgainAfterARename() {
        SourceDatabase db = newDatabase("renamed_away");
        SourceCollection old =
                db.create("name", Schemas.plain()).insert(SampleRows.of(0, 20)).index().load();
        replicated().awaitEqual(db);
        SourceCollection renamed = old.rename("elsewhere");
        SourceCollection fresh =
                db.create("name", Schemas.varcharKeyAndBinaryVector())
                        .insert(SampleRows.of(0, 10))
                        .index()
                        .load();
        renamed.insert(SampleRows.of(20, 20));
        replicated().awaitEqual(db);
        fresh.drop();
        renamed.rename("name").insert(SampleRows.of(40, 5));
        endsEqual(db);
    }

    @Test
    default void twoCollectionsSwapTheirNames() {
        SourceDatabase db = newDatabase("swapped");
        SourceCollection blue =
                db.create("blue", Schemas.plain()).insert(SampleRows.of(0, 10)).index().load();
        SourceCollection green =
                db.create("green", Schemas.plain())
                        .insert(SampleRows.of(0, 20).version(1))
                        .index()
                        .load();
        db.createAlias("live", blue);
        replicated().awaitEqual(db);
        SourceCollection onTheWay = blue.rename("on_the_way");
        green.rename("blue").insert(SampleRows.of(20, 2));
        onTheWay.rename("green").insert(SampleRows.of(10, 1));
        endsEqual(db);
    }

    @Test
    default void collectionMovesToAnotherDatabase() {
        SourceDatabase from = newDatabase("moved_from");
        SourceDatabase to = newDatabase("moved_to");
        SourceCollection rows =
                from.create("rows", Schemas.plain()).insert(SampleRows.of(0, 20)).index().load();
        replicated().awaitEqual(from, to);
        SourceCollection moved = rows.rename(to, "rows").insert(SampleRows.of(20, 20));
        from.create("rows", Schemas.plain()).insert(SampleRows.of(0, 5)).index().load();
        replicated().awaitEqual(from, to);
        moved.rename("others").delete("id in [3, 23]");
        endsEqual(from, to);
    }

    @Test
    default void alteredPropertiesArrive() {
        SourceDatabase db = newDatabase("properties");
        SourceCollection rows =
                db.create("rows", Schemas.plain()).insert(SampleRows.of(0, 10)).index().load();
        rows.setProperty("collection.ttl.seconds", "172800");
        replicated().awaitEqual(db);
        rows.setProperty("collection.ttl.seconds", "345600")
                .setProperty("mmap.enabled", "false")
                .insert(SampleRows.of(10, 10));
        endsEqual(db);
    }
}

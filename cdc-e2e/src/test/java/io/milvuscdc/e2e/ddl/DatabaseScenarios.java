// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import org.junit.jupiter.api.Test;

/** Databases and the names in them. */
interface DatabaseScenarios extends Scenarios {

    @Test
    default void sameNamesInSeveralDatabasesStayApart() {
        SourceDatabase one = newDatabase("same_names_1");
        SourceDatabase two = newDatabase("same_names_2");
        SourceDatabase usual = replicated().source().defaultDatabase();
        SourceCollection first = one.create("twin", Schemas.plain()).index().load();
        SourceCollection second = two.create("twin", Schemas.varcharKeyAndBinaryVector());
        SourceCollection third = usual.create("twin", Schemas.plain());
        first.insert(SampleRows.of(0, 10));
        second.insert(SampleRows.of(0, 20)).index().load();
        third.insert(SampleRows.of(0, 30).version(1)).index().load();
        one.createAlias("nickname", first);
        two.createAlias("nickname", second);
        replicated().awaitEqual(one, two, usual);
        first.drop();
        third.drop();
        second.insert(SampleRows.of(20, 5));
        endsEqual(one, two);
        replicated().awaitEqual(usual);
    }

    @Test
    default void databasesAreDroppedAndMadeAgain() {
        SourceDatabase empty = newDatabase("db_empty");
        SourceDatabase again = newDatabase("db_again");
        again.create("rows", Schemas.plain()).insert(SampleRows.of(0, 10)).index().load();
        replicated().awaitEqual(empty, again);
        empty.drop();
        again.dropWithCollections();
        SourceDatabase anew = newDatabase("db_again");
        anew.create("rows", Schemas.plain()).insert(SampleRows.of(5, 10).version(1)).index().load();
        replicated().awaitEqual(empty, anew);
        anew.dropWithCollections();
        SourceDatabase withNothing = newDatabase("db_again");
        replicated().awaitEqual(withNothing);
        endsEqual(withNothing);
    }
}

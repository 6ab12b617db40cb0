// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

/**
 * Changes at the source, each ending with equal content. The interfaces that extend this one hold
 * the test methods of one kind of change; {@link DdlMatrixITCase} runs them all on one pair.
 */
interface Scenarios {

    ReplicatedPair replicated();

    default SourceDatabase newDatabase(String name) {
        return replicated().source().createDatabase(name);
    }

    /** The scenario's end: equal, and then out of the way of the others. */
    default void endsEqual(SourceDatabase... databases) {
        replicated().awaitEqual(databases);
        for (SourceDatabase database : databases) {
            database.dropWithCollections();
        }
    }
}

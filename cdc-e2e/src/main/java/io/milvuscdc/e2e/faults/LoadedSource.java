// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.compare.CollectionContent;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.compare.MilvusReader.CollectionName;
import io.milvuscdc.e2e.workload.MilvusSession;

/**
 * Indexes and loads what a workload has left without at the source, so that rows of every
 * collection can be read. The target gets them by replication, or can't be compared.
 */
final class LoadedSource {

    private LoadedSource() {}

    /** Returns when all collections are loaded at the source. */
    static void loadAll(String uri) {
        try (MilvusReader reader = MilvusReader.ofSource(uri);
                MilvusSession session = MilvusSession.open(uri)) {
            reader.outline()
                    .collections()
                    .forEach((path, collection) -> load(session, path, collection));
        }
    }

    /** Releases all collections and loads them again; returns when that is done at the source. */
    static void loadAgain(String uri) {
        try (MilvusReader reader = MilvusReader.ofSource(uri);
                MilvusSession session = MilvusSession.open(uri)) {
            for (CollectionName collection : reader.collections().values()) {
                MilvusSession database = session.inDatabase(collection.database());
                database.release(collection.name());
                database.load(collection.name());
            }
        }
    }

    /**
     * Loads one.
     *
     * @param path {@code database.name}
     */
    private static void load(MilvusSession session, String path, CollectionContent collection) {
        if (isLoaded(collection)) {
            return;
        }
        int dot = path.indexOf('.');
        MilvusSession database = session.inDatabase(path.substring(0, dot));
        String name = path.substring(dot + 1);
        if (collection.traits().keySet().stream().noneMatch(trait -> trait.startsWith("index "))) {
            database.indexVectors(name);
        }
        database.load(name);
    }

    private static boolean isLoaded(CollectionContent collection) {
        return collection.isLoaded()
                && collection.partitions().values().stream().allMatch(p -> p.isLoaded());
    }
}

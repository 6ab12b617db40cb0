// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.catalogue.SourceLoad;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.target.MetadataReconciler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A source with the collections that a test puts there; each is created at {@code id * 10}. */
final class SourceCollections implements MetadataReconciler.SourceView {

    private final List<SourceCollection> collections = new ArrayList<>();
    private final List<SourceDatabase> databases = new ArrayList<>();

    static SourceCollection collection(long id, String database, String name, String... aliases) {
        return new SourceCollection(
                id,
                database,
                name,
                id * 10,
                ObjectState.CREATED,
                CollectionSchema.newBuilder().setName(name).build(),
                1,
                0,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(new SourcePartition(id + 1, "p", id * 10, ObjectState.CREATED)),
                List.of(aliases),
                List.of(),
                Optional.of(new SourceLoad(false, 2, Set.of(id + 1))));
    }

    SourceCollections put(SourceCollection collection) {
        collections.removeIf(c -> c.id() == collection.id());
        collections.add(collection);
        return this;
    }

    SourceCollections database(String name) {
        databases.add(
                new SourceDatabase(databases.size() + 1L, name, 0, ObjectState.CREATED, List.of()));
        return this;
    }

    @Override
    public List<SourceDatabase> databases() {
        return List.copyOf(databases);
    }

    @Override
    public List<SourceCollection> collections() {
        return List.copyOf(collections);
    }

    @Override
    public Optional<SourceCollection> collection(long id) {
        return collections.stream().filter(c -> c.id() == id).findAny();
    }
}

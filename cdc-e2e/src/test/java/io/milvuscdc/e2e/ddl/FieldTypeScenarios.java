// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.CreateCollectionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Schemas: field types, kinds of keys, and what else a collection is created with. */
interface FieldTypeScenarios extends Scenarios {

    @Test
    default void everyFieldTypeArrives() {
        SourceDatabase db = newDatabase("field_types");
        List<SourceCollection> made =
                List.of(
                        db.create("scalars", Schemas.everyScalarType()),
                        db.create("arrays", Schemas.everyArrayType()),
                        db.create("varchar_key_binary", Schemas.varcharKeyAndBinaryVector()),
                        db.create("dynamic", Schemas.dynamic()));
        made.forEach(collection -> collection.insert(SampleRows.of(-3, 20)).index().requestLoad());
        made.forEach(SourceCollection::awaitLoaded);
        made.forEach(collection -> collection.insert(SampleRows.of(100, 10).version(1)));
        made.forEach(collection -> collection.upsert(SampleRows.of(12, 10).version(2)));
        endsEqual(db);
    }

    @Test
    default void keysThatTheSourceMakesStayTheSame() {
        SourceDatabase db = newDatabase("auto_ids");
        List<SourceCollection> made =
                List.of(
                        db.create("int64_key", Schemas.autoInt64Key()),
                        db.create("varchar_key", Schemas.autoVarcharKey()));
        made.forEach(collection -> collection.insert(SampleRows.of(0, 30)).index().requestLoad());
        made.forEach(SourceCollection::awaitLoaded);
        made.forEach(collection -> collection.insert(SampleRows.of(30, 30)));
        endsEqual(db);
    }

    @Test
    default void partitionKeysSpreadRowsTheSameWay() {
        SourceDatabase db = newDatabase("partition_keys");
        List<SourceCollection> made =
                List.of(
                        db.create(
                                "by_int64",
                                Schemas.int64PartitionKey(),
                                request -> request.setNumPartitions(5).setShardsNum(2)),
                        db.create(
                                "by_varchar",
                                Schemas.varcharPartitionKey(),
                                request -> request.setNumPartitions(3)),
                        // Milvus' default number: 64
                        db.create("default_number", Schemas.int64PartitionKey()));
        made.forEach(collection -> collection.insert(SampleRows.of(0, 40)).index().requestLoad());
        made.forEach(SourceCollection::awaitLoaded);
        made.forEach(collection -> collection.upsert(SampleRows.of(20, 40).version(1)));
        replicated().awaitEqual(db);
        replicated()
                .requireSamePartitions(
                        db.name(), List.of("by_int64", "by_varchar", "default_number"));
        endsEqual(db);
    }

    @Test
    default void defaultValuesArriveInSchemaAndRows() {
        SourceDatabase db = newDatabase("default_values");
        db.create("with_defaults", Schemas.defaultValues())
                .insert(SampleRows.of(0, 10))
                .insert(SampleRows.of(10, 10).withoutDefaults())
                .index()
                .load()
                .insert(SampleRows.of(20, 10).withoutDefaults());
        endsEqual(db);
    }

    @Test
    default void shardsLevelsAndPropertiesArrive() {
        SourceDatabase db = newDatabase("settings");
        List<UnaryOperator<CreateCollectionRequest.Builder>> settings =
                new ArrayList<>(
                        List.of(
                                request -> request.setShardsNum(1),
                                request -> request.setShardsNum(2),
                                request -> request.setShardsNum(4),
                                request ->
                                        request.addProperties(
                                                Schemas.pair("collection.ttl.seconds", "86400"))));
        for (ConsistencyLevel level : ConsistencyLevel.values()) {
            if (level != ConsistencyLevel.UNRECOGNIZED) {
                settings.add(request -> request.setConsistencyLevel(level));
            }
        }
        List<SourceCollection> loaded = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            SourceCollection collection =
                    db.create("settings_" + i, Schemas.plain(), settings.get(i))
                            .insert(SampleRows.of(0, 40));
            if (i < 4) {
                collection.index().requestLoad();
                loaded.add(collection);
            }
        }
        loaded.forEach(SourceCollection::awaitLoaded);
        endsEqual(db);
    }
}

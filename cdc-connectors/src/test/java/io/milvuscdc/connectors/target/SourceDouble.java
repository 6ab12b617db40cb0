// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.catalogue.SourceIndex;
import io.milvuscdc.connectors.catalogue.SourceLoad;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A source whose metadata a test sets as it likes. */
final class SourceDouble implements MetadataReconciler.SourceView {

    private final Map<String, SourceDatabase> databases = new TreeMap<>();
    private final Map<Long, SourceCollection> collections = new LinkedHashMap<>();
    private final Set<Long> dropped = new HashSet<>();
    private final Set<Long> droppedPartitions = new HashSet<>();
    private final Map<Long, Runnable> onceShown = new HashMap<>();

    SourceDouble() {
        database("default");
    }

    void database(String name, KeyValuePair... properties) {
        databases.put(
                name,
                new SourceDatabase(
                        databases.size() + 1, name, 0, ObjectState.CREATED, List.of(properties)));
    }

    void dropDatabase(String name) {
        databases.remove(name);
    }

    void put(SourceCollection collection) {
        collections.put(collection.id(), collection);
    }

    void drop(long id) {
        SourceCollection was = collections.get(id);
        put(new Draft(was).state(ObjectState.DROPPED).build());
    }

    /** The drop of a collection is committed, though the collection is shown as long as before. */
    void commitDrop(long id) {
        dropped.add(id);
    }

    void commitPartitionDrop(long partitionId) {
        droppedPartitions.add(partitionId);
    }

    /** Does something when the collection is shown next, behind the back of who asked. */
    void onceShown(long id, Runnable then) {
        onceShown.put(id, then);
    }

    @Override
    public List<SourceDatabase> databases() {
        return List.copyOf(databases.values());
    }

    @Override
    public List<SourceCollection> collections() {
        return collections.values().stream()
                .filter(c -> c.state() == ObjectState.CREATED && !dropped.contains(c.id()))
                .toList();
    }

    @Override
    public Optional<SourceCollection> collection(long id) {
        Optional<SourceCollection> shown =
                dropped.contains(id) ? Optional.empty() : Optional.ofNullable(collections.get(id));
        Runnable then = onceShown.remove(id);
        if (then != null) {
            then.run();
        }
        return shown;
    }

    @Override
    public boolean isDropped(long collectionId) {
        return dropped.contains(collectionId);
    }

    @Override
    public boolean isDropped(long collectionId, long partitionId) {
        return droppedPartitions.contains(partitionId);
    }

    static Draft collection(long id, String name, long createTs) {
        return new Draft(id, name, createTs);
    }

    static KeyValuePair pair(String key, String value) {
        return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
    }

    static FieldSchema key() {
        return FieldSchema.newBuilder()
                .setFieldID(100)
                .setName("pk")
                .setIsPrimaryKey(true)
                .setDataType(DataType.Int64)
                .build();
    }

    static FieldSchema vector(int dim) {
        return FieldSchema.newBuilder()
                .setFieldID(101)
                .setName("v")
                .setDataType(DataType.FloatVector)
                .addTypeParams(pair("dim", Integer.toString(dim)))
                .build();
    }

    static FieldSchema partitionKey() {
        return FieldSchema.newBuilder()
                .setFieldID(102)
                .setName("k")
                .setIsPartitionKey(true)
                .setDataType(DataType.Int64)
                .build();
    }

    /** A source collection in the making; one shard, fields pk and v, partition _default. */
    static final class Draft {
        private final long id;
        private final long createTs;
        private String db = "default";
        private String name;
        private ObjectState state = ObjectState.CREATED;
        private int shards = 1;
        private final List<FieldSchema> fields = new ArrayList<>();
        private List<KeyValuePair> properties = List.of();
        private final List<SourcePartition> partitions = new ArrayList<>();
        private List<String> aliases = List.of();
        private List<SourceIndex> indexes = List.of();
        private Optional<SourceLoad> load = Optional.empty();

        private Draft(long id, String name, long createTs) {
            this.id = id;
            this.name = name;
            this.createTs = createTs;
            fields.add(key());
            fields.add(vector(4));
            partition(id * 10, "_default", createTs);
        }

        private Draft(SourceCollection was) {
            this.id = was.id();
            this.createTs = was.createTs();
            this.db = was.dbName();
            this.name = was.name();
            this.state = was.state();
            this.shards = was.shards();
            this.fields.addAll(was.schema().getFieldsList());
            this.properties = was.properties();
            this.partitions.addAll(was.partitions());
            this.aliases = was.aliases();
            this.indexes = was.indexes();
            this.load = was.load();
        }

        static Draft of(SourceCollection was) {
            return new Draft(was);
        }

        Draft db(String value) {
            db = value;
            return this;
        }

        Draft name(String value) {
            name = value;
            return this;
        }

        Draft state(ObjectState value) {
            state = value;
            return this;
        }

        Draft shards(int value) {
            shards = value;
            return this;
        }

        Draft fields(FieldSchema... values) {
            fields.clear();
            fields.addAll(List.of(values));
            return this;
        }

        Draft properties(KeyValuePair... values) {
            properties = List.of(values);
            return this;
        }

        Draft partition(long partitionId, String partition, long partitionTs) {
            partitions.add(
                    new SourcePartition(partitionId, partition, partitionTs, ObjectState.CREATED));
            return this;
        }

        /** Those that Milvus makes of a partition key, in the place of all others. */
        Draft partitionsOfKey(int number) {
            partitions.clear();
            for (int i = 0; i < number; i++) {
                partition(id * 10 + i, "_default_" + i, createTs);
            }
            return this;
        }

        Draft withoutPartition(String partition) {
            partitions.removeIf(p -> p.name().equals(partition));
            return this;
        }

        Draft aliases(String... values) {
            aliases = List.of(values);
            return this;
        }

        Draft flatIndex(String indexName) {
            return flatIndex(indexName, "L2");
        }

        Draft flatIndex(String indexName, String metric) {
            return index(
                    indexName,
                    pair("index_type", "FLAT"),
                    pair("metric_type", metric),
                    pair("params", "{}"));
        }

        private Draft index(String indexName, KeyValuePair... params) {
            indexes = List.of(new SourceIndex(1, 101, indexName, createTs, List.of(params)));
            return this;
        }

        /** As the index of before is after an AlterIndex. */
        Draft alteredIndex(KeyValuePair... added) {
            indexes =
                    indexes.stream()
                            .map(
                                    was -> {
                                        List<KeyValuePair> params = new ArrayList<>(List.of(added));
                                        params.addAll(was.userParams());
                                        return new SourceIndex(
                                                was.indexId(),
                                                was.fieldId(),
                                                was.name(),
                                                was.createTs(),
                                                params);
                                    })
                            .toList();
            return this;
        }

        Draft autoIndex(String indexName) {
            return index(indexName, pair("index_type", "AUTOINDEX"), pair("metric_type", "L2"));
        }

        Draft noIndex() {
            indexes = List.of();
            return this;
        }

        Draft loaded(boolean whole, Long... partitionIds) {
            load = Optional.of(new SourceLoad(whole, 1, Set.of(partitionIds)));
            return this;
        }

        Draft notLoaded() {
            load = Optional.empty();
            return this;
        }

        SourceCollection build() {
            return new SourceCollection(
                    id,
                    db,
                    name,
                    createTs,
                    state,
                    CollectionSchema.newBuilder().setName(name).addAllFields(fields).build(),
                    shards,
                    ConsistencyLevel.Bounded_VALUE,
                    properties,
                    List.of(),
                    List.of(),
                    Map.of(),
                    List.copyOf(partitions),
                    aliases,
                    indexes,
                    load);
        }
    }
}

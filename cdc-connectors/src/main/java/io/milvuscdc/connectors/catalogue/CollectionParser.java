// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import com.google.protobuf.ByteString;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.KeyDataPair;
import io.milvus.grpc.KeyValuePair;
import io.milvuscdc.connectors.catalogue.MetaKeys.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

/**
 * Reads collections and databases out of the plain keys of Milvus' metadata. The field numbers are
 * those of Milvus' {@code etcd_meta.proto}, {@code index_coord.proto} and {@code
 * query_coord.proto}, the same from 2.2 to 2.6. Stateless but for the keys it is given; throws
 * {@link java.io.UncheckedIOException} naming the key whose value it cannot read.
 */
final class CollectionParser {

    /** Below are Milvus' own: 0 RowID, 1 Timestamp ({@code common.StartOfUserFieldID}). */
    private static final long FIRST_USER_FIELD = 100;

    private static final int LOAD_TYPE_PARTITIONS = 1;

    private final MetaKeys keys;
    private final NavigableMap<String, EtcdValue> meta;

    /**
     * @param meta plain keys without tombstones; those of the collections to read must be in it
     */
    CollectionParser(MetaKeys keys, NavigableMap<String, EtcdValue> meta) {
        this.keys = keys;
        this.meta = meta;
    }

    /** The part of a collection's own value that says whether and where it lives. */
    record Head(long id, long createTs, ObjectState state, List<String> pchannels) {}

    static Head head(String key, EtcdValue value) {
        MetaMessage info = MetaMessage.parse(key, value.bytes());
        return new Head(info.number(1), info.number(3), state(info.number(13)), info.texts(8));
    }

    /**
     * Reads the collection at a key.
     *
     * @param aliases what points to it, which its own keys don't say
     */
    SourceCollection collection(String key, String dbName, Collection<String> aliases) {
        MetaMessage info = MetaMessage.parse(key, meta.get(key).bytes());
        long id = info.number(1);
        CollectionSchema schema = schema(id, info.message(2, CollectionSchema.parser()));
        List<String> vchannels = info.texts(7);
        int shards = (int) info.number(10);
        Map<String, ByteString> startPositions = new LinkedHashMap<>();
        for (KeyDataPair position : info.messages(11, KeyDataPair.parser())) {
            startPositions.put(position.getKey(), position.getData());
        }
        return new SourceCollection(
                id,
                dbName.isEmpty() ? schema.getDbName() : dbName,
                schema.getName(),
                info.number(3),
                state(info.number(13)),
                schema,
                shards == 0 ? vchannels.size() : shards,
                (int) info.number(12),
                info.messages(14, KeyValuePair.parser()),
                vchannels,
                info.texts(8),
                Map.copyOf(startPositions),
                partitions(id, info),
                aliases.stream().sorted().distinct().toList(),
                indexes(id),
                load(id));
    }

    private CollectionSchema schema(long id, CollectionSchema stored) {
        List<FieldSchema> fields = new ArrayList<>(stored.getFieldsList());
        if (fields.isEmpty()) {
            under(Kind.FIELD, id)
                    .forEach(
                            (k, v) ->
                                    fields.add(
                                            MetaMessage.parse(k, v.bytes(), FieldSchema.parser())));
        }
        List<FunctionSchema> functions = new ArrayList<>(stored.getFunctionsList());
        if (functions.isEmpty()) {
            under(Kind.FUNCTION, id)
                    .forEach(
                            (k, v) ->
                                    functions.add(
                                            MetaMessage.parse(
                                                    k, v.bytes(), FunctionSchema.parser())));
        }
        boolean dynamic =
                stored.getEnableDynamicField()
                        || fields.stream().anyMatch(FieldSchema::getIsDynamic);
        fields.removeIf(f -> f.getFieldID() < FIRST_USER_FIELD || f.getIsDynamic());
        fields.sort(Comparator.comparingLong(FieldSchema::getFieldID));
        functions.sort(Comparator.comparingLong(FunctionSchema::getId));
        return stored.toBuilder()
                .clearFields()
                .addAllFields(fields)
                .clearFunctions()
                .addAllFunctions(functions)
                .setEnableDynamicField(dynamic)
                .build();
    }

    private List<SourcePartition> partitions(long id, MetaMessage info) {
        List<SourcePartition> partitions = new ArrayList<>();
        List<Long> ids = info.numbers(4);
        if (!ids.isEmpty()) {
            // up to Milvus 2.1 they are part of the collection's value
            List<String> names = info.texts(5);
            List<Long> createTs = info.numbers(9);
            for (int i = 0; i < ids.size(); i++) {
                partitions.add(
                        new SourcePartition(
                                ids.get(i), names.get(i), createTs.get(i), ObjectState.CREATED));
            }
        }
        partitions.addAll(storedPartitions(id));
        partitions.removeIf(p -> p.state() != ObjectState.CREATED);
        partitions.sort(Comparator.comparingLong(SourcePartition::id));
        return List.copyOf(partitions);
    }

    /** The partitions that have keys of their own, in whatever state. */
    List<SourcePartition> storedPartitions(long collectionId) {
        List<SourcePartition> partitions = new ArrayList<>();
        under(Kind.PARTITION, collectionId)
                .forEach(
                        (key, value) -> {
                            MetaMessage p = MetaMessage.parse(key, value.bytes());
                            partitions.add(
                                    new SourcePartition(
                                            p.number(1),
                                            p.text(2),
                                            p.number(3),
                                            state(p.number(5))));
                        });
        return partitions;
    }

    private List<SourceIndex> indexes(long id) {
        List<SourceIndex> indexes = new ArrayList<>();
        under(Kind.INDEX, id)
                .forEach(
                        (key, value) -> {
                            MetaMessage fieldIndex = MetaMessage.parse(key, value.bytes());
                            if (!fieldIndex.flag(2)) {
                                indexes.add(index(fieldIndex));
                            }
                        });
        indexes.sort(Comparator.comparingLong(SourceIndex::indexId));
        return List.copyOf(indexes);
    }

    private static SourceIndex index(MetaMessage fieldIndex) {
        MetaMessage info = fieldIndex.message(1);
        List<KeyValuePair> user = info.messages(12, KeyValuePair.parser());
        List<KeyValuePair> build = info.messages(6, KeyValuePair.parser());
        // before Milvus 2.2.9 only the parameters of the build are kept; later versions keep none
        // of the user's for an index of a scalar field that was made without any
        boolean vector = build.stream().anyMatch(p -> p.getKey().equals("metric_type"));
        return new SourceIndex(
                info.number(4),
                info.number(2),
                info.text(3),
                fieldIndex.number(3),
                user.isEmpty() && vector ? build : user);
    }

    private Optional<SourceLoad> load(long id) {
        Set<Long> partitionIds = new HashSet<>();
        long replicas = 0;
        for (Map.Entry<String, EtcdValue> e : under(Kind.PARTITION_LOAD, id).entrySet()) {
            MetaMessage partition = MetaMessage.parse(e.getKey(), e.getValue().bytes());
            partitionIds.add(partition.number(2));
            replicas = partition.number(3);
        }
        String key = keys.prefix(Kind.COLLECTION_LOAD) + id;
        EtcdValue value = meta.get(key);
        if (value == null) {
            // Milvus 2.2 writes only these for a partition load
            return partitionIds.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new SourceLoad(false, (int) replicas, Set.copyOf(partitionIds)));
        }
        MetaMessage collection = MetaMessage.parse(key, value.bytes());
        return Optional.of(
                new SourceLoad(
                        collection.number(6) != LOAD_TYPE_PARTITIONS,
                        (int) collection.number(3),
                        Set.copyOf(partitionIds)));
    }

    /** A name that points to a collection. */
    record Alias(String name, long collectionId) {}

    /** Reads the alias at a key; empty when it is not, or no longer, in force. */
    static Optional<Alias> alias(String key, EtcdValue value) {
        MetaMessage info = MetaMessage.parse(key, value.bytes());
        return state(info.number(4)) == ObjectState.CREATED
                ? Optional.of(new Alias(info.text(1), info.number(2)))
                : Optional.empty();
    }

    /** Reads the database at a key; the default one is named so whatever its value says. */
    static SourceDatabase database(String key, EtcdValue value) {
        MetaMessage info = MetaMessage.parse(key, value.bytes());
        long id = MetaKeys.database(info.number(3));
        return new SourceDatabase(
                id,
                id == MetaKeys.DEFAULT_DATABASE ? MetaKeys.DEFAULT_DATABASE_NAME : info.text(2),
                id == MetaKeys.DEFAULT_DATABASE ? 0 : info.number(5),
                databaseState(info.number(4)),
                info.messages(6, KeyValuePair.parser()));
    }

    private NavigableMap<String, EtcdValue> under(Kind kind, long id) {
        String prefix = keys.prefix(kind, id);
        return meta.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    }

    /** {@code CollectionState} and {@code PartitionState}. */
    private static ObjectState state(long number) {
        return switch ((int) number) {
            case 0 -> ObjectState.CREATED;
            case 1 -> ObjectState.CREATING;
            default -> ObjectState.DROPPED;
        };
    }

    /** {@code DatabaseState}, which has an unknown at 0. */
    private static ObjectState databaseState(long number) {
        return switch ((int) number) {
            case 0, 1 -> ObjectState.CREATED;
            case 2 -> ObjectState.CREATING;
            default -> ObjectState.DROPPED;
        };
    }
}

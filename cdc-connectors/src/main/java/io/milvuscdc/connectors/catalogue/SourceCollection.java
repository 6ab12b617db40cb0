// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import com.google.protobuf.ByteString;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A collection of the source as its etcd describes it. Its identity is {@link #id}, and across
 * clusters {@link #createTs}; never its name.
 *
 * @param createTs the source's tso of its creation; CreateCollection with ReplicateInfo carries it
 *     over to the target
 * @param schema with its fields in id order, system fields (RowID, Timestamp) and {@code $meta}
 *     left out; fields that this code doesn't know are kept
 * @param startPositions by pchannel, the raw MQ id of its CreateCollection message there
 * @param partitions those that exist (created), {@code _default} included
 * @param aliases names of the aliases that point to it
 * @param load empty when nothing is loaded
 */
public record SourceCollection(
        long id,
        String dbName,
        String name,
        long createTs,
        ObjectState state,
        CollectionSchema schema,
        int shards,
        int consistencyLevel,
        List<KeyValuePair> properties,
        List<String> vchannels,
        List<String> pchannels,
        Map<String, ByteString> startPositions,
        List<SourcePartition> partitions,
        List<String> aliases,
        List<SourceIndex> indexes,
        Optional<SourceLoad> load) {

    /** The same collection, known to be dropped. */
    SourceCollection asDropped() {
        return copy(dbName, name, ObjectState.DROPPED, properties, partitions, aliases, load);
    }

    /** The same with other properties. */
    SourceCollection withProperties(List<KeyValuePair> others) {
        return copy(dbName, name, state, List.copyOf(others), partitions, aliases, load);
    }

    /** The same with other partitions. */
    public SourceCollection withPartitions(List<SourcePartition> others) {
        return copy(dbName, name, state, properties, List.copyOf(others), aliases, load);
    }

    /** The same with other aliases. */
    public SourceCollection withAliases(List<String> others) {
        return copy(dbName, name, state, properties, partitions, List.copyOf(others), load);
    }

    /** The same under other names. */
    public SourceCollection called(String otherDatabase, String otherName) {
        return copy(otherDatabase, otherName, state, properties, partitions, aliases, load);
    }

    /**
     * The same without partitions that users made; where any of them is loaded, all is. One with a
     * partition key stays as it is: its partitions are Milvus' own.
     */
    public SourceCollection withoutUserPartitions() {
        if (schema.getFieldsList().stream().anyMatch(FieldSchema::getIsPartitionKey)) {
            return this;
        }
        return copy(
                dbName,
                name,
                state,
                properties,
                List.of(),
                aliases,
                load.map(l -> new SourceLoad(true, l.replicas(), Set.of())));
    }

    private SourceCollection copy(
            String db,
            String called,
            ObjectState now,
            List<KeyValuePair> withProperties,
            List<SourcePartition> withPartitions,
            List<String> withAliases,
            Optional<SourceLoad> loaded) {
        return new SourceCollection(
                id,
                db,
                called,
                createTs,
                now,
                schema,
                shards,
                consistencyLevel,
                withProperties,
                vchannels,
                pchannels,
                startPositions,
                withPartitions,
                withAliases,
                indexes,
                loaded);
    }
}

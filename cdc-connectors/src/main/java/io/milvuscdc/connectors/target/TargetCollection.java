// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.KeyValuePair;
import java.util.List;

/**
 * A collection as the target describes it; the only place that ids and vchannels sent to the target
 * may come from (a wrong vchannel takes a target down).
 *
 * @param name its real name, also when it was described by an alias
 * @param createdTs the source's create ts for a collection that was made by replication
 * @param vchannels by shard index
 * @param pchannels by shard index
 * @param numPartitions how many partitions it has, 0 when the target doesn't say
 * @param aliases as the description has them, which may be old ({@link TargetClient#aliases})
 */
public record TargetCollection(
        long id,
        String db,
        String name,
        long createdTs,
        CollectionSchema schema,
        List<String> vchannels,
        List<String> pchannels,
        int shards,
        int numPartitions,
        ConsistencyLevel consistency,
        List<KeyValuePair> properties,
        List<String> aliases) {

    public TargetCollection {
        vchannels = List.copyOf(vchannels);
        pchannels = List.copyOf(pchannels);
        properties = List.copyOf(properties);
        aliases = List.copyOf(aliases);
    }

    /** {@code db.name}, as log lines and errors show it. */
    public String fullName() {
        return db + "." + name;
    }
}

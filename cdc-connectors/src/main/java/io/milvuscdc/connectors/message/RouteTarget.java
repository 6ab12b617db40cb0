// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

/**
 * Where on the target the messages of one source collection, partition and vchannel go. Every value
 * is one that the target itself described: it doesn't check them, loses rows for a wrong partition
 * id, and can't be started again after a wrong vchannel.
 *
 * @param partitionId -1 for deletes from all partitions; unused by a drop of the collection
 * @param vchannel unused by drops
 * @param dbName empty to leave the message's as it is, as the other names
 */
public record RouteTarget(
        long collectionId,
        long partitionId,
        String vchannel,
        String dbName,
        String collectionName,
        String partitionName) {

    /** The {@code partitionID} of a delete from all partitions. */
    public static final long ALL_PARTITIONS = -1;

    public RouteTarget {
        if (collectionId <= 0 || partitionId < ALL_PARTITIONS) {
            throw new IllegalArgumentException(
                    "no ids of a target's collection and partition: "
                            + collectionId
                            + ", "
                            + partitionId);
        }
    }
}

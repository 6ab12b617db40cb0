// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.ByteString;

/**
 * A decoded message of a source pchannel (or of the replicate channel): the few fields that routing
 * and ordering need, and the untouched payload. Immutable by convention; the payload is never
 * copied and must not be changed.
 *
 * @param pchannel the topic that it was read from
 * @param position its place in that topic
 * @param type {@code base.msg_type}, a number of {@link io.milvus.grpc.MsgType}; may be one that
 *     this code doesn't know
 * @param timestamp the tso that orders it: of an insert or delete the highest of its rows', because
 *     {@code base.timestamp} is 0 in the inserts of an upsert (Milvus 2.3.5); {@code
 *     base.timestamp} of the other types
 * @param msgId {@code base.msgID}
 * @param collectionId source collection id, 0 where the type has none
 * @param partitionId source partition id, 0 where the type has none, -1 in a delete for all
 *     partitions
 * @param vchannel {@code shardName} of an insert or delete, empty otherwise
 * @param partitionName {@code partition_name} of an insert, a delete or a drop of a partition,
 *     empty otherwise
 * @param rows {@code num_rows} of an insert or delete, 0 otherwise
 * @param payload the protobuf bytes as read
 */
public record ChannelMessage(
        String pchannel,
        MqPosition position,
        int type,
        long timestamp,
        long msgId,
        long collectionId,
        long partitionId,
        String vchannel,
        String partitionName,
        long rows,
        ByteString payload) {}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.ByteString;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import milvus.proto.msg.Msg;

/**
 * Puts the target's ids into a message without parsing its rows. In protobuf the last occurrence of
 * a singular field counts and submessages are merged, in every language, so a partial message with
 * the new values is appended to the source's bytes, which stay as they are and aren't copied.
 */
public final class MessageRewriter {

    private MessageRewriter() {}

    /**
     * What has to follow the messages of one type and route; make it once and keep it.
     *
     * @param type an insert, a delete, or a drop of a collection or partition; the other types
     *     carry no ids to replace
     */
    public static ByteString suffix(int type, RouteTarget target) {
        return switch (type) {
            case MsgType.Insert_VALUE -> insert(target);
            case MsgType.Delete_VALUE -> delete(target);
            case MsgType.DropCollection_VALUE -> dropCollection(target);
            case MsgType.DropPartition_VALUE -> dropPartition(target);
            default ->
                    throw new IllegalArgumentException(
                            "messages of type " + type + " have no ids to replace for a target");
        };
    }

    /**
     * The message as the target is to get it. One without a msgID gets that of {@link MessageIds},
     * because the target recognises a message that it has seen already by it.
     *
     * @param suffix of the message's type and route
     */
    public static ByteString rewrite(ChannelMessage message, ByteString suffix) {
        ByteString rewritten = message.payload().concat(suffix);
        if (message.msgId() != 0) {
            return rewritten;
        }
        long msgId = MessageIds.derive(message.pchannel(), message.position());
        // a TimeTickMsg has no field but the base that all types share
        return rewritten.concat(
                Msg.TimeTickMsg.newBuilder()
                        .setBase(MsgBase.newBuilder().setMsgID(msgId))
                        .build()
                        .toByteString());
    }

    private static ByteString insert(RouteTarget target) {
        requireVchannel(target);
        requirePartition(target);
        return Msg.InsertRequest.newBuilder()
                .setShardName(target.vchannel())
                .setDbName(target.dbName())
                .setCollectionName(target.collectionName())
                .setPartitionName(target.partitionName())
                .setCollectionID(target.collectionId())
                .setPartitionID(target.partitionId())
                .build()
                .toByteString();
    }

    private static ByteString delete(RouteTarget target) {
        requireVchannel(target);
        Msg.DeleteRequest.Builder delete =
                Msg.DeleteRequest.newBuilder()
                        .setShardName(target.vchannel())
                        .setDbName(target.dbName())
                        .setCollectionName(target.collectionName())
                        .setPartitionName(target.partitionName())
                        .setCollectionID(target.collectionId());
        if (target.partitionId() != RouteTarget.ALL_PARTITIONS) {
            requirePartition(target);
            delete.setPartitionID(target.partitionId());
        }
        return delete.build().toByteString();
    }

    private static ByteString dropCollection(RouteTarget target) {
        return Msg.DropCollectionRequest.newBuilder()
                .setDbName(target.dbName())
                .setCollectionName(target.collectionName())
                .setCollectionID(target.collectionId())
                .build()
                .toByteString();
    }

    private static ByteString dropPartition(RouteTarget target) {
        requirePartition(target);
        return Msg.DropPartitionRequest.newBuilder()
                .setDbName(target.dbName())
                .setCollectionName(target.collectionName())
                .setPartitionName(target.partitionName())
                .setCollectionID(target.collectionId())
                .setPartitionID(target.partitionId())
                .build()
                .toByteString();
    }

    private static void requireVchannel(RouteTarget target) {
        if (target.vchannel().isEmpty()) {
            throw new IllegalArgumentException("a row change needs a vchannel: " + target);
        }
    }

    private static void requirePartition(RouteTarget target) {
        if (target.partitionId() <= 0) {
            throw new IllegalArgumentException("this message needs one partition: " + target);
        }
    }
}

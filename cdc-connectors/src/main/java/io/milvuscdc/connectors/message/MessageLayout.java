// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.WireFormat;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import java.util.Optional;
import milvus.proto.msg.Msg;

/**
 * The protobuf tags (field number and wire type) of what routing needs in a message type that has a
 * collection id; 0 where the type has no such field, a value that no tag has. From Milvus' {@code
 * msg.proto}, whose numbers are the same from 2.3 to 2.6.
 */
record MessageLayout(int vchannel, int partitionName, int collectionId, int partitionId, int rows) {

    /** {@code base} of every type. */
    static final int BASE = bytes(Msg.TimeTickMsg.BASE_FIELD_NUMBER);

    /** {@code base.msg_type}. */
    static final int BASE_TYPE = number(MsgBase.MSG_TYPE_FIELD_NUMBER);

    /** {@code base.msgID}. */
    static final int BASE_MSG_ID = number(MsgBase.MSGID_FIELD_NUMBER);

    /** {@code base.timestamp}. */
    static final int BASE_TIMESTAMP = number(MsgBase.TIMESTAMP_FIELD_NUMBER);

    /** {@code timestamps} of an insert or delete, as Milvus writes it. */
    static final int PACKED_TIMESTAMPS = bytes(Msg.InsertRequest.TIMESTAMPS_FIELD_NUMBER);

    /** {@code timestamps} in the form that protobuf's readers have to accept too. */
    static final int UNPACKED_TIMESTAMPS = number(Msg.InsertRequest.TIMESTAMPS_FIELD_NUMBER);

    private static final MessageLayout INSERT =
            new MessageLayout(
                    bytes(Msg.InsertRequest.SHARDNAME_FIELD_NUMBER),
                    bytes(Msg.InsertRequest.PARTITION_NAME_FIELD_NUMBER),
                    number(Msg.InsertRequest.COLLECTIONID_FIELD_NUMBER),
                    number(Msg.InsertRequest.PARTITIONID_FIELD_NUMBER),
                    number(Msg.InsertRequest.NUM_ROWS_FIELD_NUMBER));
    private static final MessageLayout DELETE =
            new MessageLayout(
                    bytes(Msg.DeleteRequest.SHARDNAME_FIELD_NUMBER),
                    bytes(Msg.DeleteRequest.PARTITION_NAME_FIELD_NUMBER),
                    number(Msg.DeleteRequest.COLLECTIONID_FIELD_NUMBER),
                    number(Msg.DeleteRequest.PARTITIONID_FIELD_NUMBER),
                    number(Msg.DeleteRequest.NUM_ROWS_FIELD_NUMBER));
    private static final MessageLayout CREATE_COLLECTION =
            new MessageLayout(
                    0, 0, number(Msg.CreateCollectionRequest.COLLECTIONID_FIELD_NUMBER), 0, 0);
    private static final MessageLayout DROP_COLLECTION =
            new MessageLayout(
                    0, 0, number(Msg.DropCollectionRequest.COLLECTIONID_FIELD_NUMBER), 0, 0);
    private static final MessageLayout DROP_PARTITION =
            new MessageLayout(
                    0,
                    bytes(Msg.DropPartitionRequest.PARTITION_NAME_FIELD_NUMBER),
                    number(Msg.DropPartitionRequest.COLLECTIONID_FIELD_NUMBER),
                    number(Msg.DropPartitionRequest.PARTITIONID_FIELD_NUMBER),
                    0);

    /** The layout of a message type, empty for a type of which only {@code base} is read. */
    static Optional<MessageLayout> of(int type) {
        return switch (type) {
            case MsgType.Insert_VALUE -> Optional.of(INSERT);
            case MsgType.Delete_VALUE -> Optional.of(DELETE);
            case MsgType.CreateCollection_VALUE -> Optional.of(CREATE_COLLECTION);
            case MsgType.DropCollection_VALUE -> Optional.of(DROP_COLLECTION);
            case MsgType.DropPartition_VALUE -> Optional.of(DROP_PARTITION);
            default -> Optional.empty();
        };
    }

    /** Whether a type is a row change: it has a vchannel and a timestamp per row. */
    static boolean isDml(int type) {
        return type == MsgType.Insert_VALUE || type == MsgType.Delete_VALUE;
    }

    private static int number(int field) {
        return tag(field, WireFormat.WIRETYPE_VARINT);
    }

    private static int bytes(int field) {
        return tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.milvus.grpc.MsgType;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads of a message what routing and ordering need. Only top-level fields are walked, so that the
 * cost doesn't depend on the size of the rows, which are neither parsed nor copied; of them only
 * the timestamps are read. Of types that it doesn't know, {@code base} is read and the type's
 * number passed on.
 *
 * <p>A payload carries no type of its own: every message of Milvus 2.3 to 2.5 has a {@code
 * common.MsgBase} as field 1, whose {@code msg_type} says what the rest is.
 */
public final class MessageDecoder {

    private static final String STREAMING_VERSION_HEADER = "_v";

    private MessageDecoder() {}

    /**
     * Decodes a message without copying it.
     *
     * @param payload must not be changed afterwards
     * @throws UndecodableMessageException when the payload isn't a message of Milvus, or lacks what
     *     is needed to route it
     */
    public static ChannelMessage decode(String pchannel, MqPosition position, byte[] payload) {
        if (payload == null) {
            throw new UndecodableMessageException(pchannel, position, "the message has no payload");
        }
        return decode(pchannel, position, UnsafeByteOperations.unsafeWrap(payload));
    }

    /**
     * Decodes a message without copying it.
     *
     * @throws UndecodableMessageException when the payload isn't a message of Milvus, or lacks what
     *     is needed to route it
     */
    public static ChannelMessage decode(String pchannel, MqPosition position, ByteString payload) {
        Fields fields = new Fields();
        String problem;
        try {
            fields.readBase(payload.newCodedInput());
            Optional<MessageLayout> layout = MessageLayout.of(fields.type);
            if (layout.isPresent()) {
                fields.readBody(payload.newCodedInput(), layout.get());
            }
            problem = fields.problem(layout.isPresent());
        } catch (IOException e) {
            throw new UndecodableMessageException(
                    pchannel,
                    position,
                    "its " + payload.size() + " bytes are no complete protobuf message",
                    e);
        }
        if (problem != null) {
            throw new UndecodableMessageException(pchannel, position, problem);
        }
        return fields.message(pchannel, position, payload);
    }

    /**
     * Refuses a message of the streaming service (Milvus 2.6, or 2.5 with it switched on): its
     * payload may look like the messages that this class reads, but its timestamps and ids are
     * placeholders.
     *
     * @param hasHeader whether the message has a header (Kafka) or property (Pulsar) of a name
     * @throws UndecodableMessageException for such a message
     */
    public static void refuseStreamingMessage(
            String pchannel, MqPosition position, Predicate<String> hasHeader) {
        if (hasHeader.test(STREAMING_VERSION_HEADER)) {
            throw new UndecodableMessageException(
                    pchannel,
                    position,
                    "it was written by Milvus' streaming service (property '"
                            + STREAMING_VERSION_HEADER
                            + "'), whose format isn't supported");
        }
    }

    private static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that never began");
        }
    }

    /** What has been read so far; as protobuf demands, of a repeated field the last one counts. */
    private static final class Fields {

        private boolean hasBase;
        private int type;
        private long baseTimestamp;
        private long rowTimestamp;
        private long msgId;
        private long collectionId;
        private long partitionId;
        private String vchannel = "";
        private String partitionName = "";
        private long rows;

        void readBase(CodedInputStream in) throws IOException {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == MessageLayout.BASE) {
                    hasBase = true;
                    int outer = in.pushLimit(in.readRawVarint32());
                    readBaseFields(in);
                    in.popLimit(outer);
                } else {
                    skip(in, tag);
                }
            }
        }

        private void readBaseFields(CodedInputStream in) throws IOException {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == MessageLayout.BASE_TYPE) {
                    type = in.readEnum();
                } else if (tag == MessageLayout.BASE_MSG_ID) {
                    msgId = in.readInt64();
                } else if (tag == MessageLayout.BASE_TIMESTAMP) {
                    baseTimestamp = in.readUInt64();
                } else {
                    skip(in, tag);
                }
            }
        }

        void readBody(CodedInputStream in, MessageLayout layout) throws IOException {
            boolean dml = MessageLayout.isDml(type);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == layout.collectionId()) {
                    collectionId = in.readInt64();
                } else if (tag == layout.partitionId()) {
                    partitionId = in.readInt64();
                } else if (tag == layout.vchannel()) {
                    vchannel = in.readStringRequireUtf8();
                } else if (tag == layout.partitionName()) {
                    partitionName = in.readStringRequireUtf8();
                } else if (tag == layout.rows()) {
                    rows = in.readUInt64();
                } else if (dml && tag == MessageLayout.PACKED_TIMESTAMPS) {
                    int outer = in.pushLimit(in.readRawVarint32());
                    while (!in.isAtEnd()) {
                        rowTimestamp = Math.max(rowTimestamp, in.readUInt64());
                    }
                    in.popLimit(outer);
                } else if (dml && tag == MessageLayout.UNPACKED_TIMESTAMPS) {
                    rowTimestamp = Math.max(rowTimestamp, in.readUInt64());
                } else {
                    skip(in, tag);
                }
            }
        }

        /** What makes the message unusable, or null. */
        String problem(boolean hasCollection) {
            if (!hasBase) {
                return "it has no MsgBase, so it is no message of Milvus";
            }
            if (type == MsgType.Undefined_VALUE) {
                return "its msg_type is 0 (undefined), so it is no message of Milvus";
            }
            if (hasCollection && collectionId == 0) {
                return name() + " names no collection id";
            }
            if (MessageLayout.isDml(type) && vchannel.isEmpty()) {
                return name() + " names no vchannel";
            }
            if (MessageLayout.isDml(type) && rowTimestamp == 0) {
                return name() + " has no timestamps of its rows";
            }
            return null;
        }

        private String name() {
            return "this " + MsgType.forNumber(type) + " message";
        }

        ChannelMessage message(String pchannel, MqPosition position, ByteString payload) {
            return new ChannelMessage(
                    pchannel,
                    position,
                    type,
                    MessageLayout.isDml(type) ? rowTimestamp : baseTimestamp,
                    msgId,
                    collectionId,
                    partitionId,
                    vchannel,
                    partitionName,
                    rows,
                    payload);
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.milvus.grpc.CreateCredentialRequest;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.TimeTicks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Messages as a source writes them to its channels. */
final class SourceMessages {

    static final String P0 = "by-dev-rootcoord-dml_0";
    static final String P1 = "by-dev-rootcoord-dml_1";

    private SourceMessages() {}

    /**
     * Rows of a collection with a shard on each of two pchannels, with ticks after every few; the
     * last messages are ticks.
     */
    static List<ChannelMessage> ticksAndRows(long collectionId, int rows) {
        List<ChannelMessage> messages = new ArrayList<>();
        long ts = 1_000;
        int offset = 0;
        for (int row = 0; row < rows; row++) {
            String pchannel = row % 3 == 0 ? P1 : P0;
            ts += 10;
            messages.add(insert(pchannel, offset++, collectionId, 5_000 + row, ts));
            if (row % 4 == 3) {
                messages.add(tick(P0, offset++, ts));
            }
            if (row % 5 == 4) {
                messages.add(tick(P1, offset++, ts));
            }
        }
        messages.add(tick(P0, offset++, ts + 10));
        messages.add(tick(P1, offset, ts + 10));
        return messages;
    }

    static ChannelMessage tick(String pchannel, long offset, long ts) {
        return MessageDecoder.decode(
                pchannel, MqPosition.ofKafkaOffset(offset), TimeTicks.message(ts));
    }

    static ChannelMessage insert(
            String pchannel, long offset, long collectionId, long msgId, long ts) {
        return insertInto(pchannel, offset, collectionId, 1, "_default", msgId, ts);
    }

    static ChannelMessage dropCollection(String pchannel, long offset, long collectionId, long ts) {
        return dropCollection(pchannel, offset, collectionId, "c", ts);
    }

    /** What follows a create that has failed. */
    static ChannelMessage undoneCreate(String pchannel, long offset, long collectionId, long ts) {
        return dropCollection(pchannel, offset, collectionId, "", ts);
    }

    private static ChannelMessage dropCollection(
            String pchannel, long offset, long collectionId, String name, long ts) {
        return decode(
                pchannel,
                offset,
                out -> {
                    out.writeMessage(1, base(MsgType.DropCollection, 1, ts));
                    out.writeString(3, name);
                    out.writeInt64(5, collectionId);
                });
    }

    static ChannelMessage createUser(String channel, long offset, String name) {
        return MessageDecoder.decode(
                channel,
                MqPosition.ofKafkaOffset(offset),
                CreateCredentialRequest.newBuilder()
                        .setBase(base(MsgType.CreateCredential, 0, 0))
                        .setUsername(name)
                        .setPassword("c2VjcmV0")
                        .build()
                        .toByteString());
    }

    static ChannelMessage dropPartition(
            String pchannel,
            long offset,
            long collectionId,
            long partitionId,
            String partition,
            long ts) {
        return decode(
                pchannel,
                offset,
                out -> {
                    out.writeMessage(1, base(MsgType.DropPartition, 1, ts));
                    out.writeString(3, "c");
                    out.writeString(4, partition);
                    out.writeInt64(6, collectionId);
                    out.writeInt64(7, partitionId);
                });
    }

    static ChannelMessage insertInto(
            String pchannel,
            long offset,
            long collectionId,
            long partitionId,
            String partition,
            long msgId,
            long ts) {
        int shard = pchannel.equals(P0) ? 0 : 1;
        return decode(
                pchannel,
                offset,
                out -> {
                    out.writeMessage(1, base(MsgType.Insert, msgId, ts));
                    out.writeString(2, pchannel + "_" + collectionId + "v" + shard);
                    out.writeString(4, "c");
                    out.writeString(5, partition);
                    out.writeInt64(7, collectionId);
                    out.writeInt64(8, partitionId);
                    out.writeUInt64(10, ts);
                    out.writeUInt64(14, 1);
                });
    }

    private static MsgBase base(MsgType type, long msgId, long ts) {
        return MsgBase.newBuilder().setMsgType(type).setMsgID(msgId).setTimestamp(ts).build();
    }

    /** Writes the fields of one message. */
    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static ChannelMessage decode(String pchannel, long offset, Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return MessageDecoder.decode(
                pchannel,
                MqPosition.ofKafkaOffset(offset),
                ByteString.copyFrom(bytes.toByteArray()));
    }
}

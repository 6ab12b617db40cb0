// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.MsgBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import milvus.proto.msg.Msg;

/**
 * Moves a message to another time. Only for one that comes too late: a target ignores rows that are
 * not newer than its last tick until a newer one comes.
 */
public final class Timestamps {

    private Timestamps() {}

    /**
     * The same message with its timestamp, and in an insert or delete that of every row, set to a
     * tso. Of the payload only {@code timestamps} is parsed.
     *
     * @param message one that was decoded
     */
    public static ChannelMessage raise(ChannelMessage message, long tso) {
        // an InsertRequest has base and timestamps where all types have them
        Msg.InsertRequest.Builder times =
                Msg.InsertRequest.newBuilder().setBase(MsgBase.newBuilder().setTimestamp(tso));
        ByteString rest = message.payload();
        if (MessageLayout.isDml(message.type())) {
            List<ByteString> others = new ArrayList<>();
            int rows = splitTimestamps(message, others);
            rest = ByteString.copyFrom(others);
            times.addAllTimestamps(Collections.nCopies(rows, tso));
        }
        return new ChannelMessage(
                message.pchannel(),
                message.position(),
                message.type(),
                tso,
                message.msgId(),
                message.collectionId(),
                message.partitionId(),
                message.vchannel(),
                message.partitionName(),
                message.rows(),
                rest.concat(times.build().toByteString()));
    }

    /** Collects the stretches without timestamps and returns how many timestamps there were. */
    private static int splitTimestamps(ChannelMessage message, List<ByteString> others) {
        ByteString payload = message.payload();
        CodedInputStream in = payload.newCodedInput();
        int rows = 0;
        int othersStart = 0;
        try {
            while (true) {
                int start = in.getTotalBytesRead();
                int tag = in.readTag();
                int found = timestampsAt(in, tag);
                if (found >= 0) {
                    others.add(payload.substring(othersStart, start));
                    othersStart = in.getTotalBytesRead();
                    rows += found;
                } else if (tag == 0) {
                    others.add(payload.substring(othersStart));
                    return rows;
                } else if (!in.skipField(tag)) {
                    throw new InvalidProtocolBufferException("a group ends that never began");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a decoded message can be read again", e);
        }
    }

    /** Reads the timestamps of a field and returns how many it has, -1 if it's another field. */
    private static int timestampsAt(CodedInputStream in, int tag) throws IOException {
        if (tag == MessageLayout.UNPACKED_TIMESTAMPS) {
            in.readUInt64();
            return 1;
        }
        if (tag != MessageLayout.PACKED_TIMESTAMPS) {
            return -1;
        }
        int count = 0;
        int outer = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            in.readUInt64();
            count++;
        }
        in.popLimit(outer);
        return count;
    }
}

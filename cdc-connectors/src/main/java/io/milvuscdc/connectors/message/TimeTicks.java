// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.ByteString;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import milvus.proto.msg.Msg;

/**
 * Time ticks: the messages that make everything up to their timestamp visible in a standby target.
 */
public final class TimeTicks {

    private TimeTicks() {}

    /** The bytes of a time tick, as a source's root coordinator would write them. */
    public static ByteString message(long tso) {
        return Msg.TimeTickMsg.newBuilder()
                .setBase(MsgBase.newBuilder().setMsgType(MsgType.TimeTick).setTimestamp(tso))
                .build()
                .toByteString();
    }
}

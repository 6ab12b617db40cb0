// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Base64;
import milvus.proto.msg.Msg;

/**
 * A position in a channel in the form that people hand in and get back: base64 of Milvus' {@code
 * MsgPosition}.
 *
 * @param channel the pchannel or vchannel it belongs to
 * @param timestamp the tso up to which everything before the position is done, 0 if it isn't known
 */
public record ChannelPosition(String channel, MqPosition position, long timestamp) {

    /** Base64, with padding, of this position. */
    public String toBase64(MqMessageIds ids) {
        Msg.MsgPosition encoded =
                Msg.MsgPosition.newBuilder()
                        .setChannelName(channel)
                        .setMsgID(ids.encode(position))
                        .setTimestamp(timestamp)
                        .build();
        return Base64.getEncoder().encodeToString(encoded.toByteArray());
    }

    /**
     * Base64 of a position whose message id may be of any message queue.
     *
     * @param id the bytes that Milvus keeps it in
     */
    public static String toBase64(String channel, ByteString id) {
        Msg.MsgPosition encoded =
                Msg.MsgPosition.newBuilder().setChannelName(channel).setMsgID(id).build();
        return Base64.getEncoder().encodeToString(encoded.toByteArray());
    }

    /**
     * Reads what {@link #toBase64} or Milvus itself wrote. Its msgGroup doesn't matter here and is
     * dropped.
     *
     * @throws IllegalArgumentException when it isn't base64, not a MsgPosition, or has no message
     *     id of this message queue
     */
    public static ChannelPosition ofBase64(String text, MqMessageIds ids) {
        try {
            Msg.MsgPosition decoded = Msg.MsgPosition.parseFrom(Base64.getDecoder().decode(text));
            return new ChannelPosition(
                    decoded.getChannelName(),
                    ids.decode(decoded.getMsgID()),
                    decoded.getTimestamp());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    "position '"
                            + text
                            + "' is base64, but of no MsgPosition; take one that was"
                            + " returned for this channel",
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "position '" + text + "' can't be read: " + e.getMessage(), e);
        }
    }
}

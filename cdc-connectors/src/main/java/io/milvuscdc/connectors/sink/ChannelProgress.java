// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * How far a source pchannel has been read and sent. Both values only grow, so of two statements
 * about one pchannel the larger is the truth.
 *
 * @param tick the last time tick read: every message of the pchannel up to it has been read; {@link
 *     TickDecision#NONE} before the first
 * @param next the position after the last message read
 */
public record ChannelProgress(long tick, MqPosition next) {

    ChannelProgress max(ChannelProgress other) {
        return new ChannelProgress(
                Math.max(tick, other.tick), next.compareTo(other.next) >= 0 ? next : other.next);
    }

    void write(DataOutputView out) throws IOException {
        out.writeLong(tick);
        out.writeLong(next.ledger());
        out.writeLong(next.entry());
    }

    static ChannelProgress read(DataInputView in) throws IOException {
        return new ChannelProgress(in.readLong(), new MqPosition(in.readLong(), in.readLong()));
    }
}

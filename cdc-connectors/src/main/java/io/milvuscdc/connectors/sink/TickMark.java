// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A place in a source channel from which on nothing is missing once {@code tick} is committed:
 * every message before it has a timestamp ≤ {@code tick}, or is at the target already. Milvus
 * promises less of its time ticks: that what follows one has a greater timestamp. What stands
 * before it may have one, too.
 *
 * @param tick of the time tick there, or a greater timestamp that something before it waits with;
 *     in the replicate channel, which has no ticks, of the message
 * @param at the position of that message itself
 */
public record TickMark(long tick, MqPosition at) {

    void write(DataOutputView out) throws IOException {
        out.writeLong(tick);
        out.writeLong(at.ledger());
        out.writeLong(at.entry());
    }

    static TickMark read(DataInputView in) throws IOException {
        return new TickMark(in.readLong(), new MqPosition(in.readLong(), in.readLong()));
    }
}

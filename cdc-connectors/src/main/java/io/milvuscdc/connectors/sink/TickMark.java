// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A place in a source channel that timestamps can be told by: every message before it has a
 * timestamp ≤ {@code tick}, every later one a greater one.
 *
 * @param tick of the time tick there; in the replicate channel, which has none, of the message
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

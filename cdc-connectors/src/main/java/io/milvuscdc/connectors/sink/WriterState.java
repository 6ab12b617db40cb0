// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.source.ChannelMessageSerializer;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A writer's part of a checkpoint. Small, but for the moments in which rows wait for a drop.
 *
 * @param known the collections it has routed
 * @param waiting messages that were read and not sent yet, in the order in which they were read
 */
record WriterState(List<KnownCollection> known, List<ChannelMessage> waiting) {

    static final VersionedSerializer<WriterState> SERIALIZER =
            new VersionedSerializer<>(
                    "writer state",
                    2,
                    2,
                    (out, state) -> state.write(out),
                    (version, in) -> read(in));

    WriterState {
        known = List.copyOf(known);
        waiting = List.copyOf(waiting);
    }

    private void write(DataOutputView out) throws IOException {
        Wire.writeList(out, known, (o, collection) -> collection.write(o));
        Wire.writeList(
                out,
                waiting,
                (o, message) -> ChannelMessageSerializer.INSTANCE.serialize(message, o));
    }

    private static WriterState read(DataInputView in) throws IOException {
        return new WriterState(
                Wire.readList(in, KnownCollection::read),
                Wire.readList(in, ChannelMessageSerializer.INSTANCE::deserialize));
    }
}

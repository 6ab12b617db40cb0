// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.failure.UnreadableStateException;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** What a checkpoint holds of a split. Version 1 has no {@link SeenEnd}. */
final class PulsarSplitSerializer implements SimpleVersionedSerializer<PulsarSplit> {

    private static final int VERSION = 2;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(PulsarSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        out.writeUTF(split.channel());
        out.writeBoolean(split.read().isPresent());
        if (split.read().isPresent()) {
            ReadPosition read = split.read().get();
            out.writeLong(read.ledger());
            out.writeLong(read.entry());
            out.writeInt(read.read());
        }
        out.writeBoolean(split.end().isPresent());
        if (split.end().isPresent()) {
            SeenEnd end = split.end().get();
            out.writeLong(end.since());
            out.writeLong(end.held());
            out.writeLong(end.there());
            out.writeLong(end.seen());
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public PulsarSplit deserialize(int version, byte[] serialized) throws IOException {
        UnreadableStateException.requireKnown("split of a Pulsar channel", version, VERSION);
        DataInputDeserializer in = new DataInputDeserializer(serialized);
        String channel = in.readUTF();
        Optional<ReadPosition> read =
                in.readBoolean()
                        ? Optional.of(new ReadPosition(in.readLong(), in.readLong(), in.readInt()))
                        : Optional.empty();
        Optional<SeenEnd> end =
                version >= 2 && in.readBoolean()
                        ? Optional.of(
                                new SeenEnd(
                                        read.orElseThrow(),
                                        in.readLong(),
                                        in.readLong(),
                                        in.readLong(),
                                        in.readLong()))
                        : Optional.empty();
        UnreadableStateException.requireEnd("split of Pulsar channel " + channel, in.available());
        return new PulsarSplit(channel, read, end);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.failure.UnreadableStateException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What a checkpoint holds of a split. Version 1 has no {@link SeenEnd}, version 2 no creations that
 * were read: those have no beginning to watch, unless nothing has been read yet.
 */
final class PulsarSplitSerializer implements SimpleVersionedSerializer<PulsarSplit> {

    private static final int VERSION = 3;

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
        out.writeBoolean(split.creations().isPresent());
        if (split.creations().isPresent()) {
            Map<Long, Long> creations = split.creations().get();
            out.writeInt(creations.size());
            for (Map.Entry<Long, Long> creation : creations.entrySet()) {
                out.writeLong(creation.getKey());
                out.writeLong(creation.getValue());
            }
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
                        ? Optional.of(end(read.orElseThrow(), in))
                        : Optional.empty();
        Optional<Map<Long, Long>> creations =
                version < 3
                        ? PulsarSplit.atStart(read)
                        : in.readBoolean() ? Optional.of(creations(in)) : Optional.empty();
        UnreadableStateException.requireEnd("split of Pulsar channel " + channel, in.available());
        return new PulsarSplit(channel, read, creations, end);
    }

    private static SeenEnd end(ReadPosition read, DataInputDeserializer in) throws IOException {
        return new SeenEnd(read, in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    private static Map<Long, Long> creations(DataInputDeserializer in) throws IOException {
        Map<Long, Long> creations = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            creations.put(in.readLong(), in.readLong());
        }
        return creations;
    }
}

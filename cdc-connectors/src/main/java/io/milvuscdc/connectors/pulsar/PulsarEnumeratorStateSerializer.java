// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.failure.UnreadableStateException;
import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Of {@link PulsarEnumeratorState}. Version 1 has no starts, and is only read. */
final class PulsarEnumeratorStateSerializer
        implements SimpleVersionedSerializer<PulsarEnumeratorState> {

    private static final int VERSION = 2;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(PulsarEnumeratorState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(512);
        out.writeInt(state.assigned().size());
        for (String channel : state.assigned()) {
            out.writeUTF(channel);
        }
        Map<String, MqPosition> starts = state.starts().orElseThrow();
        out.writeInt(starts.size());
        for (Map.Entry<String, MqPosition> start : starts.entrySet()) {
            out.writeUTF(start.getKey());
            out.writeLong(start.getValue().ledger());
            out.writeLong(start.getValue().entry());
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public PulsarEnumeratorState deserialize(int version, byte[] serialized) throws IOException {
        UnreadableStateException.requireKnown("list of Pulsar channels", version, VERSION);
        DataInputDeserializer in = new DataInputDeserializer(serialized);
        Set<String> assigned = new TreeSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            assigned.add(in.readUTF());
        }
        Optional<Map<String, MqPosition>> starts =
                version < 2 ? Optional.empty() : Optional.of(starts(in));
        UnreadableStateException.requireEnd("list of Pulsar channels", in.available());
        return new PulsarEnumeratorState(assigned, starts);
    }

    private static Map<String, MqPosition> starts(DataInputDeserializer in) throws IOException {
        Map<String, MqPosition> starts = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            starts.put(in.readUTF(), new MqPosition(in.readLong(), in.readLong()));
        }
        return starts;
    }
}

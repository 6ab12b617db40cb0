// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Of {@link PulsarEnumeratorState}. */
final class PulsarEnumeratorStateSerializer
        implements SimpleVersionedSerializer<PulsarEnumeratorState> {

    @Override
    public int getVersion() {
        return 1;
    }

    @Override
    public byte[] serialize(PulsarEnumeratorState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(512);
        out.writeInt(state.assigned().size());
        for (String channel : state.assigned()) {
            out.writeUTF(channel);
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public PulsarEnumeratorState deserialize(int version, byte[] serialized) throws IOException {
        PulsarSplitSerializer.requireKnown("list of Pulsar channels", version);
        DataInputDeserializer in = new DataInputDeserializer(serialized);
        Set<String> assigned = new TreeSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            assigned.add(in.readUTF());
        }
        PulsarSplitSerializer.requireEnd("list of Pulsar channels", in);
        return new PulsarEnumeratorState(assigned);
    }
}

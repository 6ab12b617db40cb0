// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.failure.UnreadableStateException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Of {@link KafkaEnumeratorState}. Versions below {@link #FIRST} are the connector's own, of
 * checkpoints in which its state was all there was.
 */
final class KafkaEnumeratorStateSerializer
        implements SimpleVersionedSerializer<KafkaEnumeratorState> {

    private static final int FIRST = 101;

    private final SimpleVersionedSerializer<KafkaSourceEnumState> connector;

    KafkaEnumeratorStateSerializer(SimpleVersionedSerializer<KafkaSourceEnumState> connector) {
        this.connector = connector;
    }

    @Override
    public int getVersion() {
        return FIRST;
    }

    @Override
    public byte[] serialize(KafkaEnumeratorState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(1024);
        SimpleVersionedSerialization.writeVersionAndSerialize(connector, state.connector(), out);
        out.writeBoolean(state.starts().isPresent());
        if (state.starts().isPresent()) {
            Map<String, Long> starts = state.starts().get();
            out.writeInt(starts.size());
            for (Map.Entry<String, Long> start : starts.entrySet()) {
                out.writeUTF(start.getKey());
                out.writeLong(start.getValue());
            }
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public KafkaEnumeratorState deserialize(int version, byte[] serialized) throws IOException {
        if (version < FIRST) {
            return new KafkaEnumeratorState(
                    connector.deserialize(version, serialized), Optional.empty());
        }
        UnreadableStateException.requireKnown("list of Kafka channels", version, FIRST);
        DataInputDeserializer in = new DataInputDeserializer(serialized);
        KafkaSourceEnumState channels =
                SimpleVersionedSerialization.readVersionAndDeSerialize(connector, in);
        Optional<Map<String, Long>> starts =
                in.readBoolean() ? Optional.of(starts(in)) : Optional.empty();
        UnreadableStateException.requireEnd("list of Kafka channels", in.available());
        return new KafkaEnumeratorState(channels, starts);
    }

    private static Map<String, Long> starts(DataInputDeserializer in) throws IOException {
        Map<String, Long> starts = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            starts.put(in.readUTF(), in.readLong());
        }
        return starts;
    }
}

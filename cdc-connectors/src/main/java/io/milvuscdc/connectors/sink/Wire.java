// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The few shapes that everything checkpointed here is written in: lists and maps with their size
 * before them.
 */
final class Wire {

    private Wire() {}

    /** Writes one value. */
    @FunctionalInterface
    interface Writer<T> {
        void write(DataOutputView out, T value) throws IOException;
    }

    /** Reads one value. */
    @FunctionalInterface
    interface Reader<T> {
        T read(DataInputView in) throws IOException;
    }

    static <T> void writeList(DataOutputView out, Collection<T> values, Writer<T> writer)
            throws IOException {
        out.writeInt(values.size());
        for (T value : values) {
            writer.write(out, value);
        }
    }

    static <T> List<T> readList(DataInputView in, Reader<T> reader) throws IOException {
        int size = in.readInt();
        List<T> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(reader.read(in));
        }
        return values;
    }

    static <T> void writeMap(DataOutputView out, Map<String, T> values, Writer<T> writer)
            throws IOException {
        out.writeInt(values.size());
        for (Map.Entry<String, T> entry : values.entrySet()) {
            out.writeUTF(entry.getKey());
            writer.write(out, entry.getValue());
        }
    }

    static <T> Map<String, T> readMap(DataInputView in, Reader<T> reader) throws IOException {
        int size = in.readInt();
        Map<String, T> values = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            values.put(in.readUTF(), reader.read(in));
        }
        return values;
    }

    /** Reads a value that must fill the bytes exactly. */
    static <T> T fromBytes(byte[] bytes, Reader<T> reader) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        T value = reader.read(in);
        if (in.available() != 0) {
            throw new IOException(
                    in.available() + " bytes are left over after reading " + value.getClass());
        }
        return value;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.failure.UnreadableStateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What the sink checkpoints, in {@link Wire}'s form, with a CRC-32C at its end. The files of a
 * checkpoint are compared with their seals when a job starts; when Flink restores a job by itself,
 * this is what tells. Older versions go on being read; an unknown one, and what's damaged, is an
 * error that ends the job, never a guess.
 */
final class VersionedSerializer<T> implements SimpleVersionedSerializer<T> {

    private final String what;
    private final Wire.Writer<T> writer;
    private final int version;
    private final int sealedFrom;
    private final VersionedReader<T> reader;

    /** Reads one value that was written in some version. */
    @FunctionalInterface
    interface VersionedReader<T> {
        T read(int version, DataInputView in) throws IOException;
    }

    /**
     * Of one kind of state.
     *
     * @param version the one that is written; it and all before it are read
     * @param sealedFrom the first version with a CRC-32C
     */
    VersionedSerializer(
            String what,
            int version,
            int sealedFrom,
            Wire.Writer<T> writer,
            VersionedReader<T> reader) {
        this.what = what;
        this.version = version;
        this.sealedFrom = sealedFrom;
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public int getVersion() {
        return version;
    }

    @Override
    public byte[] serialize(T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        writer.write(out, value);
        out.writeInt(sum(out.getSharedBuffer(), out.length()));
        return out.getCopyOfBuffer();
    }

    @Override
    public T deserialize(int written, byte[] serialized) throws IOException {
        UnreadableStateException.requireKnown(what, written, version);
        try {
            byte[] content = written < sealedFrom ? serialized : unsealed(serialized);
            return Wire.fromBytes(content, in -> reader.read(written, in));
        } catch (IOException | RuntimeException e) {
            throw new UnreadableStateException(
                    "The checkpoint's "
                            + what
                            + " is damaged ("
                            + e
                            + "): put the checkpoint back as it was; if it's lost, create the task"
                            + " again as docs/operations.md says",
                    e);
        }
    }

    private static byte[] unsealed(byte[] serialized) throws IOException {
        int length = serialized.length - Integer.BYTES;
        if (length < 0 || ByteBuffer.wrap(serialized).getInt(length) != sum(serialized, length)) {
            throw new IOException("its checksum isn't that of its content");
        }
        return Arrays.copyOf(serialized, length);
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }
}

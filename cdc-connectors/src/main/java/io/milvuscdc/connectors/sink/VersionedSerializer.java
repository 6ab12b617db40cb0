// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.failure.UnreadableStateException;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputView;

/**
 * What the sink checkpoints, in {@link Wire}'s form. Older versions go on being read; an unknown
 * one, and what's damaged, is an error that ends the job, never a guess.
 */
final class VersionedSerializer<T> implements SimpleVersionedSerializer<T> {

    private final String what;
    private final Wire.Writer<T> writer;
    private final int version;
    private final VersionedReader<T> reader;

    /** Reads one value that was written in some version. */
    @FunctionalInterface
    interface VersionedReader<T> {
        T read(int version, DataInputView in) throws IOException;
    }

    /** For what still has its first form. */
    VersionedSerializer(String what, Wire.Writer<T> writer, Wire.Reader<T> reader) {
        this(what, 1, writer, (version, in) -> reader.read(in));
    }

    /**
     * For what has changed its form.
     *
     * @param version the one that is written; it and all before it are read
     */
    VersionedSerializer(
            String what, int version, Wire.Writer<T> writer, VersionedReader<T> reader) {
        this.what = what;
        this.version = version;
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public int getVersion() {
        return version;
    }

    @Override
    public byte[] serialize(T value) throws IOException {
        return Wire.toBytes(value, writer);
    }

    @Override
    public T deserialize(int written, byte[] serialized) throws IOException {
        if (written < 1 || written > version) {
            throw new UnreadableStateException(
                    "The checkpoint's "
                            + what
                            + " has version "
                            + written
                            + ", this release reads up to version "
                            + version
                            + ": restore it with the release that wrote it",
                    null);
        }
        try {
            return Wire.fromBytes(serialized, in -> reader.read(written, in));
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
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Version 1 of everything that the sink checkpoints: {@link Wire}'s form. An unknown version is an
 * error, never a guess.
 */
final class VersionedSerializer<T> implements SimpleVersionedSerializer<T> {

    private static final int VERSION = 1;

    private final String what;
    private final Wire.Writer<T> writer;
    private final Wire.Reader<T> reader;

    VersionedSerializer(String what, Wire.Writer<T> writer, Wire.Reader<T> reader) {
        this.what = what;
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(T value) throws IOException {
        return Wire.toBytes(value, writer);
    }

    @Override
    public T deserialize(int version, byte[] serialized) throws IOException {
        if (version != VERSION) {
            throw new IOException(
                    "The checkpoint's "
                            + what
                            + " has version "
                            + version
                            + ", this release reads version "
                            + VERSION
                            + ": restore it with the release that wrote it");
        }
        return Wire.fromBytes(serialized, reader);
    }
}

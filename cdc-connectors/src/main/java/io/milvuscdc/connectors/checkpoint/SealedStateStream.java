// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.checkpoint;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStreamFactory.FsCheckpointStateOutputStream;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

/**
 * Writes a file of state with its {@link Seal}, which the handle that Flink gets doesn't cover.
 * What is small enough for {@code _metadata} goes there, without a seal of its own.
 */
final class SealedStateStream extends FsCheckpointStateOutputStream {

    private final Seal seal = new Seal();

    SealedStateStream(
            Path directory,
            FileSystem fileSystem,
            int bufferSize,
            int threshold,
            boolean relative) {
        super(directory, fileSystem, bufferSize, threshold, relative);
    }

    @Override
    public void write(int b) throws IOException {
        super.write(b);
        seal.update(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        super.write(bytes, offset, count);
        seal.update(bytes, offset, count);
    }

    @Override
    public StreamStateHandle closeAndGetHandle() throws IOException {
        long content = getPos();
        if (content > 0) {
            byte[] end = seal.close();
            super.write(end, 0, end.length);
        }
        StreamStateHandle handle = super.closeAndGetHandle();
        if (handle instanceof ByteStreamStateHandle inline) {
            return new ByteStreamStateHandle(
                    inline.getHandleName(), Arrays.copyOf(inline.getData(), (int) content));
        }
        if (handle instanceof RelativeFileStateHandle file) {
            return new RelativeFileStateHandle(file.getFilePath(), file.getRelativePath(), content);
        }
        return handle instanceof FileStateHandle file
                ? new FileStateHandle(file.getFilePath(), content)
                : handle;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.flink.runtime.state.CheckpointMetadataOutputStream;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;

/**
 * Writes {@code _metadata} with its {@link Seal}. On a local file system the checkpoint is durable
 * when it's complete: ticks are committed then, and after a loss of power none may be newer than
 * the newest checkpoint.
 */
final class SealedMetadataStream extends CheckpointMetadataOutputStream {

    private final CheckpointMetadataOutputStream out;
    private final Path localDirectory;
    private final Seal seal = new Seal();

    /** {@code localDirectory} is the checkpoint's own; null when it isn't on a local disk. */
    SealedMetadataStream(CheckpointMetadataOutputStream out, Path localDirectory) {
        this.out = out;
        this.localDirectory = localDirectory;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        seal.update(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        out.write(bytes, offset, count);
        seal.update(bytes, offset, count);
    }

    @Override
    public CompletedCheckpointStorageLocation closeAndFinalizeCheckpoint() throws IOException {
        out.write(seal.close());
        if (localDirectory == null) {
            return out.closeAndFinalizeCheckpoint();
        }
        out.sync();
        CompletedCheckpointStorageLocation complete = out.closeAndFinalizeCheckpoint();
        // the names of its files, and its own
        sync(localDirectory);
        sync(localDirectory.getParent());
        return complete;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long getPos() throws IOException {
        return out.getPos();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void sync() throws IOException {
        out.sync();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}

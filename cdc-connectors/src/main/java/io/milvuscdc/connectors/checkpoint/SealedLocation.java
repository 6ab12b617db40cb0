// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.checkpoint;

import java.io.IOException;
import org.apache.flink.core.fs.EntropyInjector;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.CheckpointMetadataOutputStream;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStorageLocation;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStreamFactory.FsCheckpointStateOutputStream;

/** Where one checkpoint or savepoint is written to, its files sealed. */
final class SealedLocation extends FsCheckpointStorageLocation {

    private final FileSystem fileSystem;
    private final int threshold;
    private final int bufferSize;

    private SealedLocation(
            FsCheckpointStorageLocation plain, FileSystem fileSystem, int threshold, int buffer) {
        super(
                fileSystem,
                plain.getCheckpointDirectory(),
                plain.getSharedStateDirectory(),
                plain.getTaskOwnedStateDirectory(),
                plain.getLocationReference(),
                threshold,
                buffer);
        this.fileSystem = fileSystem;
        this.threshold = threshold;
        this.bufferSize = Math.max(buffer, threshold);
    }

    /**
     * The same place.
     *
     * @param threshold up to how many bytes of state go into {@code _metadata}
     * @param buffer in bytes
     */
    static SealedLocation of(FsCheckpointStorageLocation plain, int threshold, int buffer)
            throws IOException {
        return new SealedLocation(
                plain, plain.getCheckpointDirectory().getFileSystem(), threshold, buffer);
    }

    @Override
    public CheckpointMetadataOutputStream createMetadataOutputStream() throws IOException {
        Path directory = getMetadataFilePath().getParent();
        return new SealedMetadataStream(
                super.createMetadataOutputStream(),
                fileSystem.isDistributedFS() ? null : java.nio.file.Path.of(directory.getPath()));
    }

    @Override
    public FsCheckpointStateOutputStream createCheckpointStateOutputStream(
            CheckpointedStateScope scope) {
        if (scope == CheckpointedStateScope.SHARED) {
            // RocksDB reads its files to their end, and would take the seal for a part of them
            throw new UnsupportedOperationException(
                    "a job whose checkpoints are sealed has no keyed state");
        }
        Path directory = getCheckpointDirectory();
        return new SealedStateStream(
                directory,
                fileSystem,
                bufferSize,
                threshold,
                !EntropyInjector.isEntropyInjecting(fileSystem, directory));
    }
}

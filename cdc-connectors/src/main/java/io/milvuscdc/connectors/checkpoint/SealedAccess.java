// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.checkpoint;

import io.milvuscdc.connectors.failure.UnreadableStateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.filemerging.FileMergingSnapshotManager;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.state.CheckpointStorageLocation;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStorageAccess;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStorageLocation;
import org.apache.flink.runtime.state.filesystem.FsMergingCheckpointStorageAccess;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;

/**
 * Flink's checkpoints on a file system, in its layout, with a {@link Seal} at the end of each file,
 * which is compared before anything of a checkpoint is used.
 */
final class SealedAccess extends FsCheckpointStorageAccess {

    private final int threshold;
    private final int bufferSize;

    SealedAccess(FileSystemCheckpointStorage settings, boolean directoryPerJob, JobID jobId)
            throws IOException {
        super(
                settings.getCheckpointPath(),
                settings.getSavepointPath(),
                directoryPerJob,
                jobId,
                settings.getMinFileSizeThreshold(),
                settings.getWriteBufferSize());
        this.threshold = settings.getMinFileSizeThreshold();
        this.bufferSize = settings.getWriteBufferSize();
    }

    @Override
    public CheckpointStorageLocation initializeLocationForCheckpoint(long checkpointId)
            throws IOException {
        return sealed(super.initializeLocationForCheckpoint(checkpointId));
    }

    @Override
    protected CheckpointStorageLocation createSavepointLocation(FileSystem fs, Path location) {
        try {
            return sealed(super.createSavepointLocation(fs, location));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CheckpointStreamFactory resolveCheckpointStorageLocation(
            long checkpointId, CheckpointStorageLocationReference reference) throws IOException {
        return sealed(super.resolveCheckpointStorageLocation(checkpointId, reference));
    }

    private SealedLocation sealed(CheckpointStreamFactory plain) throws IOException {
        return SealedLocation.of((FsCheckpointStorageLocation) plain, threshold, bufferSize);
    }

    private SealedLocation sealed(CheckpointStorageLocation plain) throws IOException {
        return SealedLocation.of((FsCheckpointStorageLocation) plain, threshold, bufferSize);
    }

    /** Not asked for: {@link SealedStorageFactory#useIn} turns it off. */
    @Override
    public FsMergingCheckpointStorageAccess toFileMergingStorage(
            FileMergingSnapshotManager merging, Environment environment) {
        throw new UnsupportedOperationException("merged files have no seals");
    }

    @Override
    public CompletedCheckpointStorageLocation resolveCheckpoint(String pointer) throws IOException {
        CompletedCheckpointStorageLocation found = super.resolveCheckpoint(pointer);
        try (InputStream in = found.getMetadataHandle().openInputStream()) {
            Optional<String> damage =
                    CheckpointContent.read(in.readAllBytes(), pointer).damagedFile();
            if (damage.isPresent()) {
                throw new IOException(damage.get());
            }
            return found;
        } catch (IOException e) {
            throw new UnreadableStateException(
                    "The checkpoint "
                            + pointer
                            + " can't be used: "
                            + e.getMessage()
                            + ". Put it back as it was; if it's lost, create the task again as"
                            + " docs/operations.md says",
                    e);
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.checkpoint;

import java.io.IOException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;

/** Keeps sealed checkpoints where Flink's own storage would keep them. */
final class SealedStorage implements CheckpointStorage {

    private static final long serialVersionUID = 1L;

    private final FileSystemCheckpointStorage settings;
    private final boolean directoryPerJob;

    SealedStorage(FileSystemCheckpointStorage settings, boolean directoryPerJob) {
        this.settings = settings;
        this.directoryPerJob = directoryPerJob;
    }

    /** For those that remove one; whoever restores one asks {@link SealedAccess}. */
    @Override
    public CompletedCheckpointStorageLocation resolveCheckpoint(String pointer) throws IOException {
        return settings.resolveCheckpoint(pointer);
    }

    @Override
    public CheckpointStorageAccess createCheckpointStorage(JobID jobId) throws IOException {
        return new SealedAccess(settings, directoryPerJob, jobId);
    }
}

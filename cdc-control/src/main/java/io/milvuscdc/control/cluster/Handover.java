// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.job.HandedOverTask;
import io.milvuscdc.job.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * Where tasks wait for the JobManager that a job's start makes read them. Its files exist while
 * that is going on and no longer; what a killed process has left goes when the next one begins.
 */
final class Handover {

    private final Path directory;

    private Handover(Path directory) {
        this.directory = directory;
    }

    /** An empty one, below the data directory, that only this process' user can enter. */
    static Handover below(Path data) throws IOException {
        Path directory = data.resolve("handover");
        Directories.remove(directory);
        Files.createDirectories(data);
        Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new Handover(directory);
    }

    /** Puts a task there, to be taken away again by {@link #remove}. */
    Path put(TaskSpec spec) throws IOException {
        Path file = directory.resolve(UUID.randomUUID().toString());
        HandedOverTask.write(file, spec);
        return file;
    }

    /** From now on nobody can start a job of the file. */
    void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
    }
}

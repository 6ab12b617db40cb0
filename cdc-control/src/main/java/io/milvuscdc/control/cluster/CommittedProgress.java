// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What tasks have committed, read from their newest complete checkpoint or savepoint: the same that
 * their next job would go on from. Safe for use by several threads.
 */
public final class CommittedProgress {

    /** A checkpoint may be replaced by a newer one while it's read, but not time and again. */
    private static final int ATTEMPTS = 5;

    private final RestorePoints points;

    public CommittedProgress(RestorePoints points) {
        this.points = points;
    }

    /**
     * A task's progress, {@link CommittedPositions#NONE} before its first checkpoint.
     *
     * @throws IOException in words: there must be a checkpoint, but it's gone or can't be read
     */
    public CommittedPositions of(Task task) throws IOException {
        if (task.run().isEmpty()) {
            return CommittedPositions.NONE;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                Optional<RestorePoint> newest = points.newest(task.id(), task.run().get());
                return newest.isEmpty() ? CommittedPositions.NONE : read(newest.get().directory());
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static CommittedPositions read(Path directory) throws IOException {
        try {
            return CheckpointFiles.positions(directory, CheckpointFiles.read(directory));
        } catch (NoSuchFileException e) {
            throw new IOException("the checkpoint " + directory + " has just gone", e);
        }
    }
}

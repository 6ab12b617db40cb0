// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.control.task.JobRun;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;

/**
 * The checkpoints and savepoints of all tasks on disk: {@code
 * {data}/checkpoints/{task}/{job}/chk-*} and {@code {data}/savepoints/{task}/{job}/*}.
 *
 * <p>What's complete on disk is the truth, not what the control plane has noted: the changes that a
 * checkpoint covers are committed at the target as soon as it's complete, and going back behind it
 * would send them again under newer time ticks. So a complete one is never passed over for an older
 * one, and one that can't be read is an error.
 */
public final class RestorePoints {

    private static final String METADATA = "_metadata";

    private final Path checkpoints;
    private final Path savepoints;

    public RestorePoints(Path dataDirectory) {
        this.checkpoints = dataDirectory.resolve("checkpoints");
        this.savepoints = dataDirectory.resolve("savepoints");
    }

    /** Where Flink keeps the checkpoints of the task, in a directory per job. */
    public Path checkpoints(String taskId) {
        return checkpoints.resolve(taskId);
    }

    /** Where the savepoints of one job of the task go. */
    public Path savepoints(String taskId, String jobId) {
        return savepoints.resolve(taskId).resolve(jobId);
    }

    /**
     * The newest of what the run has made and what it was restored from.
     *
     * @return empty when the run has nothing to go on from, so that its task starts at its start
     *     offsets
     * @throws IOException there must be something, but it's gone or can't be read
     */
    public Optional<RestorePoint> newest(String taskId, JobRun run) throws IOException {
        List<RestorePoint> found = new ArrayList<>(ofJob(taskId, run.jobId()));
        if (!run.restoredFrom().isEmpty()) {
            Path directory = Path.of(run.restoredFrom());
            if (Files.isRegularFile(directory.resolve(METADATA))) {
                found.add(read(directory));
            } else if (found.isEmpty()) {
                throw new IOException(gone(taskId, "its last one, " + directory + ", is gone"));
            }
        }
        if (run.checkpointed() && found.isEmpty()) {
            throw new IOException(gone(taskId, "none of job " + run.jobId() + " is left"));
        }
        return found.stream().max(Comparator.comparingLong(RestorePoint::checkpointId));
    }

    private String gone(String taskId, String what) {
        return "task "
                + taskId
                + " needs a checkpoint or savepoint to go on from, but "
                + what
                + "; put "
                + checkpoints(taskId)
                + " and "
                + savepoints.resolve(taskId)
                + " back, or delete the task and create it again";
    }

    /** True when the job has a complete checkpoint or savepoint of its own. */
    public boolean hasOwn(String taskId, String jobId) throws IOException {
        return !complete(taskId, jobId).isEmpty();
    }

    /** Removes what jobs of the task other than this one have left. */
    public void removeOthers(String taskId, String jobId) throws IOException {
        for (Path parent : List.of(checkpoints(taskId), savepoints.resolve(taskId))) {
            for (Path directory : children(parent)) {
                if (!directory.getFileName().toString().equals(jobId)) {
                    Directories.remove(directory);
                }
            }
        }
    }

    /** Removes all that the task's jobs have left. */
    public void removeAll(String taskId) throws IOException {
        Directories.remove(checkpoints(taskId));
        Directories.remove(savepoints.resolve(taskId));
    }

    private List<RestorePoint> ofJob(String taskId, String jobId) throws IOException {
        List<RestorePoint> found = new ArrayList<>();
        for (Path directory : complete(taskId, jobId)) {
            found.add(read(directory));
        }
        return found;
    }

    private List<Path> complete(String taskId, String jobId) throws IOException {
        List<Path> complete = new ArrayList<>();
        for (Path parent : List.of(checkpoints(taskId).resolve(jobId), savepoints(taskId, jobId))) {
            for (Path directory : children(parent)) {
                // Flink writes this file under another name and renames it when it's whole
                if (Files.isRegularFile(directory.resolve(METADATA))) {
                    complete.add(directory);
                }
            }
        }
        return complete;
    }

    private static RestorePoint read(Path directory) throws IOException {
        Path file = directory.resolve(METADATA);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            CheckpointMetadata metadata =
                    Checkpoints.loadCheckpointMetadata(
                            in, RestorePoints.class.getClassLoader(), directory.toString());
            return new RestorePoint(directory, metadata.getCheckpointId());
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "the checkpoint "
                            + directory
                            + " can't be read, and going back behind it would send changes twice: "
                            + e.getMessage(),
                    e);
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(Files::isDirectory).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}

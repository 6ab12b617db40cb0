// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.connectors.checkpoint.CheckpointContent;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(RestorePoints.class);

    private static final String PROBE = ".probe";

    /** More than a checkpoint takes. */
    private static final int PROBE_BYTES = 256 * 1024;

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
            if (CheckpointFiles.isComplete(directory)) {
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

    /**
     * {@link #newest} for a job that's about to start from it: with all of its files.
     *
     * @throws IOException as there, or a file that it names isn't as it was
     */
    public Optional<RestorePoint> restorable(String taskId, JobRun run) throws IOException {
        Optional<RestorePoint> newest = newest(taskId, run);
        if (newest.isPresent()) {
            Path directory = newest.get().directory();
            CheckpointContent content = CheckpointFiles.read(directory);
            Optional<String> damaged = CheckpointFiles.damagedFile(directory, content);
            if (damaged.isPresent()) {
                throw new IOException(damaged.get());
            }
            CheckpointFiles.positions(directory, content);
        }
        return newest;
    }

    /**
     * What a user wants a task to go on from: a savepoint or retained checkpoint of a job that went
     * on, elsewhere, from what the task's own had left.
     *
     * @param place its directory, as a path, a file URI, or as Flink names it
     * @throws IOException in words: it isn't whole, isn't a task's, or is older than what the task
     *     has committed
     */
    public Path given(Task task, String place) throws IOException {
        Path directory = CheckpointFiles.directory(place);
        if (!CheckpointFiles.isComplete(directory)) {
            throw new IOException(
                    "there's no savepoint in "
                            + directory
                            + ": give the directory that has a _metadata, under the path by which"
                            + " this server reaches it");
        }
        CheckpointContent content = CheckpointFiles.read(directory);
        Optional<String> damaged = CheckpointFiles.damagedFile(directory, content);
        if (damaged.isPresent()) {
            throw new IOException(damaged.get());
        }
        CommittedPositions given = CheckpointFiles.positions(directory, content);
        if (given.equals(CommittedPositions.NONE)) {
            throw new IOException(directory + " is of a job that replicates nothing");
        }
        long known = task.last().map(last -> last.committed().tick()).orElse(0L);
        for (RestorePoint own : left(task)) {
            known = Math.max(known, CheckpointFiles.positions(own.directory()).tick());
        }
        if (given.tick() < known) {
            throw new IOException(
                    directory
                            + " is older than what the task has committed already ("
                            + Tso.physicalMillis(given.tick())
                            + " ms since 1970 against "
                            + Tso.physicalMillis(known)
                            + "): what came since would be sent a second time. Give the savepoint of"
                            + " the job that ran last, or none when that was the task's own");
        }
        return directory;
    }

    /** What is there of the newest run and of what it began with. */
    private List<RestorePoint> left(Task task) throws IOException {
        if (task.run().isEmpty()) {
            return List.of();
        }
        JobRun run = task.run().get();
        List<RestorePoint> found = new ArrayList<>(ofJob(task.id(), run.jobId()));
        if (!run.restoredFrom().isEmpty()
                && CheckpointFiles.isComplete(Path.of(run.restoredFrom()))) {
            found.add(read(Path.of(run.restoredFrom())));
        }
        return found;
    }

    /**
     * What is missing of the newest checkpoint, in words, so that a running job can't be restored
     * from it. Empty when nothing is, when the whole storage is away, which passes, or when it's
     * only the metadata, which a running job has in memory, too.
     */
    public Optional<String> lostState(String taskId, JobRun run) {
        try {
            Optional<RestorePoint> newest = newest(taskId, run);
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            Path directory = newest.get().directory();
            return CheckpointFiles.damagedFile(directory, CheckpointFiles.read(directory));
        } catch (IOException e) {
            LOG.debug("Task {}: its checkpoints can't be looked at", taskId, e);
            return Optional.empty();
        }
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
                + " back as they were and resume the task; if they are lost, delete the task and"
                + " create it again as docs/operations.md says";
    }

    /** True when the job has a complete checkpoint or savepoint of its own. */
    public boolean hasOwn(String taskId, String jobId) throws IOException {
        return !complete(taskId, jobId).isEmpty();
    }

    /**
     * Why the task's checkpoints can't be written, in words; empty when they can. Finds out by
     * writing, which a full file system shows only then. Makes no directory: where the storage is
     * away, nothing must be in its place.
     */
    public Optional<String> unwritable(String taskId) {
        Path directory = checkpoints(taskId);
        Path probe = directory.resolve(PROBE);
        try {
            Files.write(probe, new byte[PROBE_BYTES]);
            Files.delete(probe);
            return Optional.empty();
        } catch (IOException e) {
            try {
                Files.deleteIfExists(probe);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            LOG.debug("Task {}: {} can't be written", taskId, directory, e);
            return Optional.of(
                    "its checkpoints can't be written to "
                            + directory
                            + ": "
                            + FileFailure.inWords(e));
        }
    }

    /** Removes what jobs of the task other than this one have left. */
    public void removeOthers(String taskId, String jobId) throws IOException {
        for (Path parent : List.of(checkpoints(taskId), savepoints.resolve(taskId))) {
            for (Path directory : Directories.children(parent)) {
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
            try {
                found.add(read(directory));
            } catch (NoSuchFileException e) {
                // removed since it was listed: Flink does that when it has a newer one
                LOG.debug("Task {}: {} has just gone", taskId, directory);
            }
        }
        return found;
    }

    private List<Path> complete(String taskId, String jobId) throws IOException {
        List<Path> complete = new ArrayList<>();
        for (Path parent : List.of(checkpoints(taskId).resolve(jobId), savepoints(taskId, jobId))) {
            for (Path place : FlinkPath.everywhere(parent)) {
                for (Path directory : Directories.children(place)) {
                    if (CheckpointFiles.isComplete(directory)) {
                        complete.add(directory);
                    }
                }
            }
        }
        return complete;
    }

    private static RestorePoint read(Path directory) throws IOException {
        return new RestorePoint(
                directory, CheckpointFiles.read(directory).metadata().getCheckpointId());
    }
}

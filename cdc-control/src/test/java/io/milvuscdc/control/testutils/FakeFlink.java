// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.testutils;

import io.milvuscdc.control.cluster.ClusterException;
import io.milvuscdc.control.cluster.JobCluster;
import io.milvuscdc.control.cluster.JobObservation;
import io.milvuscdc.control.cluster.JobPhase;
import io.milvuscdc.control.cluster.JobSubmission;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

/**
 * A Flink of one process: it forgets its jobs when the next one is made, but what they wrote stays
 * on disk, in Flink's layout and with metadata that Flink can read. Jobs do nothing by themselves.
 */
public final class FakeFlink implements JobCluster {

    private final Map<String, Job> jobs = new HashMap<>();
    private final List<JobSubmission> submissions = new ArrayList<>();
    private String submitFailure = "";
    private String savepointFailure = "";
    private boolean savepointWrittenNevertheless;
    private boolean running = true;
    private boolean losesRequests;
    private boolean losesAnswers;
    private boolean idsAreSpent;
    private boolean doubtful;
    private final List<OperatorState> inCheckpoints = new ArrayList<>();

    private static final class Job {
        private final JobSubmission submission;
        private JobObservation seen = JobObservation.of(JobPhase.ACTIVE);
        private long nextCheckpoint;

        Job(JobSubmission submission, long nextCheckpoint) {
            this.submission = submission;
            this.nextCheckpoint = nextCheckpoint;
        }
    }

    /** All submissions that were accepted, in their order. */
    public List<JobSubmission> submissions() {
        return submissions;
    }

    /** The newest submission. */
    public JobSubmission last() {
        return submissions.get(submissions.size() - 1);
    }

    /** The jobs that are active. */
    public List<String> active() {
        return jobs.values().stream()
                .filter(job -> job.seen.phase() == JobPhase.ACTIVE)
                .map(job -> job.submission.jobId())
                .toList();
    }

    /** Lets every submission fail, until the text is empty again. */
    public void failSubmissions(String message) {
        submitFailure = message;
    }

    /** Lets every stop with a savepoint fail, with the savepoint complete or not. */
    public void failSavepoints(String message, boolean written) {
        savepointFailure = message;
        savepointWrittenNevertheless = written;
    }

    /** Whether what's wanted doesn't arrive. */
    public void loseRequests(boolean lost) {
        losesRequests = lost;
    }

    /** Whether it doesn't say that it has done what's wanted. */
    public void loseAnswers(boolean lost) {
        losesAnswers = lost;
    }

    /** Whether it has had a job of every id once, and has forgotten it. */
    public void spendIds(boolean spent) {
        idsAreSpent = spent;
    }

    /** Whether something may run of the jobs that it doesn't know. */
    public void doubt(boolean doubt) {
        doubtful = doubt;
    }

    /** Ends Flink as a fault of its own would. */
    public void die() {
        running = false;
    }

    /** Ends a job with a fault. */
    public void fail(String jobId, String reason) {
        jobs.get(jobId).seen = new JobObservation(JobPhase.FAILED, reason);
    }

    /** Lets Flink be about to restart a job. */
    public void restarting(String jobId, String reason) {
        jobs.get(jobId).seen = new JobObservation(JobPhase.ACTIVE, reason);
    }

    /** Completes a checkpoint; like Flink, only the newest of a job is kept. */
    public Path checkpoint(String jobId) throws IOException {
        Job job = jobs.get(jobId);
        Path directory = job.submission.checkpoints().resolve(jobId);
        long id = job.nextCheckpoint++;
        Path complete = write(directory.resolve("chk-" + id), id, List.of());
        removeBefore(directory, id);
        return complete;
    }

    /** Completes a checkpoint with four bytes of state in a file of its own, and gives that. */
    public Path checkpointWithFile(String jobId) throws IOException {
        Job job = jobs.get(jobId);
        Path directory = job.submission.checkpoints().resolve(jobId);
        long id = job.nextCheckpoint++;
        Path complete = Files.createDirectories(directory.resolve("chk-" + id));
        Path file = Files.write(complete.resolve("state"), new byte[4]);
        write(complete, id, List.of(stateIn(file)));
        removeBefore(directory, id);
        return file;
    }

    private static OperatorState stateIn(Path file) throws IOException {
        return operator(
                new OperatorID(1, 2),
                "state",
                new FileStateHandle(
                        new org.apache.flink.core.fs.Path(file.toUri()), Files.size(file)));
    }

    private static OperatorState operator(OperatorID id, String name, StreamStateHandle state) {
        OperatorStateHandle handle =
                new OperatorStreamStateHandle(
                        Map.of(
                                name,
                                new OperatorStateHandle.StateMetaInfo(
                                        new long[] {0}, OperatorStateHandle.Mode.SPLIT_DISTRIBUTE)),
                        state);
        OperatorState operator = new OperatorState(id, 1, 1);
        operator.putState(
                0, OperatorSubtaskState.builder().setManagedOperatorState(handle).build());
        return operator;
    }

    private static void removeBefore(Path directory, long id) throws IOException {
        Path before = directory.resolve("chk-" + (id - 1));
        if (Files.exists(before.resolve("_metadata"))) {
            Files.delete(before.resolve("_metadata"));
            Files.delete(before);
        }
    }

    /** Lets all checkpoints and savepoints from now on have an operator's state of this name. */
    public void keepInCheckpoints(String name, byte[] state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        BytePrimitiveArraySerializer.INSTANCE.serialize(state, out);
        inCheckpoints.add(
                operator(
                        new OperatorID(3, inCheckpoints.size()),
                        name,
                        new ByteStreamStateHandle(name, out.getCopyOfBuffer())));
    }

    /** Starts a checkpoint that isn't completed. */
    public Path beginCheckpoint(String jobId) throws IOException {
        Job job = jobs.get(jobId);
        Path directory =
                job.submission.checkpoints().resolve(jobId).resolve("chk-" + job.nextCheckpoint++);
        Files.createDirectories(directory);
        return Files.writeString(directory.resolve("._metadata.inprogress.1"), "half");
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public JobObservation observe(String jobId) throws ClusterException {
        requireRunning();
        Job job = jobs.get(jobId);
        return job == null
                ? JobObservation.of(doubtful ? JobPhase.IN_DOUBT : JobPhase.ABSENT)
                : job.seen;
    }

    @Override
    public void submit(JobSubmission submission) throws ClusterException {
        requireRunning();
        if (!submitFailure.isEmpty()) {
            throw new ClusterException(submitFailure);
        }
        if (losesRequests) {
            throw ClusterException.unanswered("the request is lost", null);
        }
        if (idsAreSpent) {
            throw ClusterException.spent("the id is spent");
        }
        if (jobs.containsKey(submission.jobId())) {
            throw new IllegalStateException("job id used twice: " + submission.jobId());
        }
        if (!active().isEmpty()) {
            throw new IllegalStateException("two jobs of a task at the same time");
        }
        long next =
                submission.restorePath().isEmpty() ? 1 : id(Path.of(submission.restorePath())) + 1;
        jobs.put(submission.jobId(), new Job(submission, next));
        submissions.add(submission);
        if (losesAnswers) {
            throw ClusterException.unanswered("the answer is lost", null);
        }
    }

    @Override
    public String stopWithSavepoint(String jobId, Path savepoints, Duration bound)
            throws ClusterException {
        requireRunning();
        Job job = jobs.get(jobId);
        boolean fails = !savepointFailure.isEmpty();
        Path savepoint = savepoints.resolve("savepoint-" + jobId.substring(0, 6) + "-1");
        try {
            if (!fails || savepointWrittenNevertheless) {
                long id = job.nextCheckpoint++;
                write(savepoint, id, List.of());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (fails) {
            if (savepointWrittenNevertheless) {
                fail(jobId, savepointFailure);
            }
            throw new ClusterException(savepointFailure);
        }
        dropCheckpoints(job);
        job.seen = JobObservation.of(JobPhase.ENDED);
        return savepoint.toUri().toString();
    }

    /** A job that ends as it should has its checkpoints removed by Flink. */
    private static void dropCheckpoints(Job job) {
        Path directory = job.submission.checkpoints().resolve(job.submission.jobId());
        for (Path checkpoint : completeIn(directory)) {
            try {
                Files.delete(checkpoint.resolve("_metadata"));
                Files.delete(checkpoint);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Path> completeIn(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(child -> Files.exists(child.resolve("_metadata"))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void cancel(String jobId, Duration bound) throws ClusterException {
        requireRunning();
        jobs.get(jobId).seen = JobObservation.of(JobPhase.ENDED);
    }

    private void requireRunning() throws ClusterException {
        if (!running) {
            throw new ClusterException("Flink isn't running");
        }
    }

    private Path write(Path directory, long id, List<OperatorState> own) throws IOException {
        List<OperatorState> state = new ArrayList<>(own);
        state.addAll(inCheckpoints);
        Files.createDirectories(directory);
        try (OutputStream out = Files.newOutputStream(directory.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(id, state, List.of()), out);
        }
        return directory;
    }

    private static long id(Path directory) {
        try (DataInputStream in =
                new DataInputStream(Files.newInputStream(directory.resolve("_metadata")))) {
            return Checkpoints.loadCheckpointMetadata(
                            in, FakeFlink.class.getClassLoader(), directory.toString())
                    .getCheckpointId();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

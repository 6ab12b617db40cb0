// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.control.cluster.ClusterException;
import io.milvuscdc.control.cluster.JobCluster;
import io.milvuscdc.control.cluster.JobObservation;
import io.milvuscdc.control.cluster.JobPhase;
import io.milvuscdc.control.cluster.JobSubmission;
import io.milvuscdc.control.cluster.RestorePoint;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.job.TaskSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one task one step nearer to what's wanted of it: observe, compare, one action. Each step
 * starts from the store and from Flink alone, so that after a halt at any point the next process
 * goes on. A step is blocking and bounded; steps of one task must not overlap, steps of several
 * may.
 */
public final class TaskReconciler {

    private static final Logger LOG = LoggerFactory.getLogger(TaskReconciler.class);
    private static final Duration SAVEPOINT_BOUND = Duration.ofSeconds(30);
    private static final Duration CANCEL_BOUND = Duration.ofSeconds(60);

    private final TaskStore store;
    private final JobCluster cluster;
    private final RestorePoints points;
    private final Function<Task, TaskSpec> specs;
    private final TaskCleanup cleanup;
    private final Supplier<String> jobIds;
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private final PositionNotes notes;
    private final ReentrantLock starting = new ReentrantLock();

    /**
     * Makes a reconciler.
     *
     * @param jobIds gives 32 hex digits, new ones each time
     */
    public TaskReconciler(
            TaskStore store,
            JobCluster cluster,
            RestorePoints points,
            Function<Task, TaskSpec> specs,
            TaskCleanup cleanup,
            Supplier<String> jobIds) {
        this.store = store;
        this.cluster = cluster;
        this.points = points;
        this.specs = specs;
        this.cleanup = cleanup;
        this.jobIds = jobIds;
        this.notes = new PositionNotes(store, points);
    }

    /** Takes one step; nothing is done when the task is as wanted, or isn't there. */
    public void step(String taskId)
            throws StoreException, ClusterException, IOException, InterruptedException {
        Optional<Task> found = store.find(taskId);
        if (found.isEmpty()) {
            return;
        }
        Task task = found.get();
        JobObservation seen = observe(task);
        switch (task.desired()) {
            case RUNNING -> run(task, seen);
            case PAUSED -> pause(task, seen);
            case DELETED -> delete(task, seen);
        }
    }

    /**
     * True when no job of the task is active, and for a deleted task when nothing of it is left. It
     * tells what steps have found out: Flink isn't asked, which may take long.
     */
    public boolean isStopped(String taskId) throws StoreException {
        Optional<Task> task = store.find(taskId);
        return task.isEmpty()
                || (task.get().desired() == DesiredState.PAUSED
                        && task.get().run().map(JobRun::over).orElse(true));
    }

    private JobObservation observe(Task task) throws ClusterException, InterruptedException {
        return task.run().isEmpty() || task.run().get().over()
                ? JobObservation.of(JobPhase.ABSENT)
                : cluster.observe(task.run().get().jobId());
    }

    private void run(Task task, JobObservation seen)
            throws StoreException, ClusterException, IOException, InterruptedException {
        switch (seen.phase()) {
            case ACTIVE -> {
                noteFailure(task.id(), seen.failure());
                if (!stoppedAsStateIsLost(task, seen)) {
                    tidy(task);
                    notes.keep(task);
                }
            }
            case IN_DOUBT -> noteDoubt(task.id());
            case FAILED -> stopFor(task, seen.failure());
            case ENDED -> start(over(task));
            case ABSENT -> start(task);
        }
    }

    /**
     * A job whose checkpoint lost a file would be restarted for ever. It's looked at only between
     * two restarts, when the newest checkpoint isn't replaced, and twice, as that may just end.
     */
    private boolean stoppedAsStateIsLost(Task task, JobObservation seen)
            throws StoreException, ClusterException, InterruptedException {
        JobRun run = task.run().orElseThrow();
        if (seen.failure().isEmpty()) {
            return false;
        }
        Optional<String> lost = points.lostState(task.id(), run);
        if (lost.isEmpty()
                || observe(task).failure().isEmpty()
                || !points.lostState(task.id(), run).equals(lost)) {
            return false;
        }
        cluster.cancel(run.jobId(), CANCEL_BOUND);
        stopFor(task, lost.get());
        return true;
    }

    /** One at a time, so that of two tasks with the same target the second sees the first. */
    private void start(Task task) throws StoreException, ClusterException, InterruptedException {
        starting.lockInterruptibly();
        try {
            Optional<Task> other = activeInto(task);
            if (other.isEmpty()) {
                startAlone(task);
            } else if (other.get().desired() == DesiredState.RUNNING) {
                stopFor(
                        task,
                        "fail to start task, err: task "
                                + other.get().id()
                                + " runs into "
                                + task.definition()
                                + " already, and only one of the two can go on: delete the one that"
                                + " you don't want there");
            }
            // another one that's stopping is waited for, step by step
        } finally {
            starting.unlock();
        }
    }

    private Optional<Task> activeInto(Task task)
            throws StoreException, ClusterException, InterruptedException {
        for (Task other : store.list()) {
            if (!other.id().equals(task.id())
                    && other.definition().hasTargetOf(task.definition())
                    && observe(other).phase().mayRun()) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    private void startAlone(Task task)
            throws StoreException, ClusterException, InterruptedException {
        String restorePath;
        try {
            restorePath = restorePath(task);
        } catch (IOException e) {
            stopFor(task, e.getMessage());
            return;
        }
        // stored first: after a halt the job's checkpoints are found under its id
        JobRun run = nextRun(task, restorePath);
        Optional<Task> stored =
                store.update(
                        task.id(),
                        now -> now.desired() == DesiredState.RUNNING ? now.with(run) : now);
        if (stored.isEmpty() || !stored.get().run().equals(Optional.of(run))) {
            return;
        }
        submit(stored.get(), run);
    }

    /**
     * A run that hasn't come to anything may be on its way to Flink: under the same id it can't
     * become two.
     */
    private JobRun nextRun(Task task, String restorePath) {
        return task.run()
                .filter(run -> !run.over() && run.restoredFrom().equals(restorePath))
                .orElseGet(() -> JobRun.starting(jobIds.get(), restorePath));
    }

    private void submit(Task task, JobRun run)
            throws StoreException, ClusterException, InterruptedException {
        TaskSpec spec;
        try {
            spec = specs.apply(task);
        } catch (IllegalArgumentException | FatalTargetException e) {
            // its target isn't one, or a certificate of it isn't there any more
            stopFor(task, "fail to start task, err: " + e.getMessage());
            return;
        }
        try {
            cluster.submit(
                    new JobSubmission(
                            run.jobId(), spec, points.checkpoints(task.id()), run.restoredFrom()));
            LOG.info(
                    "Task {}: job {} started {}",
                    task.id(),
                    run.jobId(),
                    run.restoredFrom().isEmpty()
                            ? "at its start positions"
                            : "from " + run.restoredFrom());
        } catch (ClusterException e) {
            if (e.isSpent()) {
                markOver(task);
                return;
            }
            if (e.isUnanswered() || !cluster.isRunning()) {
                throw e;
            }
            stopFor(task, "fail to start task, err: " + e.getMessage());
        }
    }

    private String restorePath(Task task) throws IOException {
        if (task.run().isEmpty()) {
            return "";
        }
        return points.restorable(task.id(), task.run().get())
                .map(RestorePoint::directory)
                .map(Object::toString)
                .orElse("");
    }

    /** After a job's first own checkpoint, what older jobs left isn't needed again. */
    private void tidy(Task task) throws StoreException, IOException {
        JobRun run = task.run().orElseThrow();
        if (run.checkpointed() || !points.hasOwn(task.id(), run.jobId())) {
            return;
        }
        store.update(
                task.id(),
                now ->
                        now.run().equals(Optional.of(run))
                                ? now.with(run.withOwnCheckpoint())
                                : now);
        points.removeOthers(task.id(), run.jobId());
    }

    private void pause(Task task, JobObservation seen)
            throws StoreException, ClusterException, InterruptedException {
        switch (seen.phase()) {
            case ACTIVE -> stop(task);
            case IN_DOUBT -> {}
            case FAILED, ENDED, ABSENT -> markOver(task);
        }
    }

    private void stop(Task task) throws StoreException, ClusterException, InterruptedException {
        String jobId = task.run().orElseThrow().jobId();
        try {
            String savepoint =
                    cluster.stopWithSavepoint(
                            jobId, points.savepoints(task.id(), jobId), SAVEPOINT_BOUND);
            LOG.info("Task {}: paused, savepoint {}", task.id(), savepoint);
            // from now on there must be one, also when the job was too short to be seen with one
            Optional<LastPosition> position = notes.of(task);
            store.update(task.id(), now -> at(position, over(now.withSavepointOf(jobId))));
        } catch (ClusterException e) {
            // a savepoint that's complete nevertheless is found on disk when the task goes on
            JobPhase phase = cluster.observe(jobId).phase();
            if (phase == JobPhase.ACTIVE) {
                cluster.cancel(jobId, CANCEL_BOUND);
            } else if (phase == JobPhase.FAILED) {
                markOver(task);
            }
            LOG.warn(
                    "Task {}: paused, it goes on from its newest checkpoint ({})",
                    task.id(),
                    e.getMessage());
        }
    }

    private void delete(Task task, JobObservation seen)
            throws StoreException, ClusterException, IOException, InterruptedException {
        if (seen.phase() == JobPhase.IN_DOUBT) {
            return;
        }
        if (seen.phase() == JobPhase.ACTIVE) {
            cluster.cancel(task.run().orElseThrow().jobId(), CANCEL_BOUND);
        }
        cleanUp(task.id());
        points.removeAll(task.id());
        store.delete(task.id());
        failures.remove(task.id());
        notes.forget(task.id());
        LOG.info("Task {}: deleted", task.id());
    }

    /** A source that is gone for good must not keep its tasks from being deleted. */
    private void cleanUp(String taskId) {
        try {
            cleanup.cleanUp(taskId);
        } catch (IOException e) {
            LOG.error(
                    "Task {}: deleted, but what the source keeps for it may still be there; remove"
                            + " it there (docs/operations.md says how): {}",
                    taskId,
                    e.getMessage());
        }
    }

    private void stopFor(Task task, String reason) throws StoreException {
        Optional<LastPosition> position = notes.of(task);
        store.update(
                task.id(),
                now ->
                        at(
                                position,
                                now.desired() == DesiredState.RUNNING
                                        ? over(now.wanted(DesiredState.PAUSED, reason))
                                        : over(now)));
        LOG.error(
                "Task {}: failed and is paused now, resume it when this is mended: {}",
                task.id(),
                reason);
    }

    /** Its run is known to have ended: Flink needn't be asked again, and it gets another one. */
    private void markOver(Task task) throws StoreException {
        if (task.run().isPresent() && !task.run().get().over()) {
            Optional<LastPosition> position = notes.of(task);
            store.update(
                    task.id(), now -> now.run().equals(task.run()) ? at(position, over(now)) : now);
        }
    }

    private static Task at(Optional<LastPosition> position, Task task) {
        return position.map(task::with).orElse(task);
    }

    private static Task over(Task task) {
        return task.run().map(run -> task.with(run.ended())).orElse(task);
    }

    private void noteDoubt(String taskId) {
        String doubt = "in doubt";
        if (!doubt.equals(failures.put(taskId, doubt))) {
            LOG.warn(
                    "Task {}: Flink doesn't know its job, but something of it may still run; it's"
                            + " started again as soon as that can't be any more",
                    taskId);
        }
    }

    private void noteFailure(String taskId, String failure) {
        String before = failures.put(taskId, failure);
        if (!failure.isEmpty() && !failure.equals(before)) {
            LOG.warn("Task {}: Flink restarts its job after: {}", taskId, failure);
            points.unwritable(taskId)
                    .ifPresent(
                            why ->
                                    LOG.warn(
                                            "Task {}: {}. No new rows become visible at the target"
                                                    + " until they can; then it goes on by itself",
                                            taskId,
                                            why));
        }
    }
}

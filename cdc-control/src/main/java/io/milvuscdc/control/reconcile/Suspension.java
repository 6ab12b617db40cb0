// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import io.milvuscdc.control.cluster.ClusterException;
import io.milvuscdc.control.cluster.JobCluster;
import io.milvuscdc.control.cluster.JobPhase;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops every job with a savepoint before the process ends. What's wanted of the tasks stays as it
 * is, so they go on with the next start. Use it when no reconcile loop runs any more.
 */
public final class Suspension {

    private static final Logger LOG = LoggerFactory.getLogger(Suspension.class);

    private final TaskStore store;
    private final JobCluster cluster;
    private final RestorePoints points;
    private final PositionNotes notes;

    public Suspension(TaskStore store, JobCluster cluster, RestorePoints points) {
        this.store = store;
        this.cluster = cluster;
        this.points = points;
        this.notes = new PositionNotes(store, points);
    }

    /** Stops all jobs at the same time; returns when they have stopped, or after the bound. */
    public void run(Duration bound) throws StoreException, InterruptedException {
        ExecutorService workers =
                Executors.newCachedThreadPool(task -> new Thread(task, "suspend"));
        for (Task task : withJobs()) {
            workers.execute(() -> suspend(task, bound));
        }
        workers.shutdown();
        if (!workers.awaitTermination(bound.toMillis(), TimeUnit.MILLISECONDS)) {
            workers.shutdownNow();
        }
    }

    private List<Task> withJobs() throws StoreException {
        List<Task> tasks = new ArrayList<>();
        for (Task task : store.list()) {
            if (task.run().isPresent()) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    private void suspend(Task task, Duration bound) {
        JobRun run = task.run().orElseThrow();
        try {
            if (cluster.observe(run.jobId()).phase() != JobPhase.ACTIVE) {
                return;
            }
            LOG.info("Task {}: stopping with a savepoint", task.id());
            String savepoint =
                    cluster.stopWithSavepoint(
                            run.jobId(), points.savepoints(task.id(), run.jobId()), bound);
            LOG.info("Task {}: stopped, savepoint {}", task.id(), savepoint);
            Optional<LastPosition> position = notes.of(task);
            store.update(
                    task.id(),
                    now -> {
                        Task stopped = now.withSavepointOf(run.jobId());
                        return position.map(stopped::with).orElse(stopped);
                    });
        } catch (StoreException e) {
            // the savepoint is found on disk
            LOG.warn("Task {}: {}", task.id(), e.getMessage());
        } catch (ClusterException e) {
            LOG.warn(
                    "Task {}: stopped without a savepoint, it goes on from its newest checkpoint"
                            + " ({})",
                    task.id(),
                    e.getMessage());
        } catch (InterruptedException e) {
            LOG.warn(
                    "Task {}: its savepoint took too long, it goes on from its newest checkpoint",
                    task.id());
            Thread.currentThread().interrupt();
        }
    }
}

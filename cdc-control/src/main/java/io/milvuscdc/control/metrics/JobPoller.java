// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import io.milvuscdc.control.rest.FlinkRest;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Flink for the numbers of all running jobs every few seconds, so that who wants to see them
 * never waits for Flink. Numbers that couldn't be renewed stay, and say how old they are.
 */
public final class JobPoller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobPoller.class);
    private static final long EVERY_SECONDS = 5;

    private final TaskStore store;
    private final JobMetrics flink;
    private final Clock clock;
    private final Map<String, JobNumbers> byTask = new ConcurrentHashMap<>();
    private final ScheduledExecutorService worker =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "job-metrics");
                        thread.setDaemon(true);
                        return thread;
                    });
    private ScheduledFuture<?> turns;

    /** Makes a poller that doesn't ask yet. */
    public JobPoller(TaskStore store, FlinkRest flink, Clock clock) {
        this.store = store;
        this.flink = new JobMetrics(flink);
        this.clock = clock;
    }

    /** Starts to ask. */
    public void start() {
        turns = worker.scheduleWithFixedDelay(this::turn, 1, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** What was heard last of the task's job; empty when it has none that runs. */
    public Optional<JobNumbers> of(String taskId) {
        return Optional.ofNullable(byTask.get(taskId));
    }

    private void turn() {
        try {
            Set<String> running = new HashSet<>();
            for (Task task : store.list()) {
                if (task.desired() == DesiredState.RUNNING && task.run().isPresent()) {
                    running.add(task.id());
                    ask(task.id(), task.run().get().jobId());
                }
            }
            byTask.keySet().retainAll(running);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreException | RuntimeException e) {
            LOG.warn("The metrics of the jobs can't be renewed, trying again", e);
        }
    }

    private void ask(String taskId, String jobId) throws InterruptedException {
        try {
            byTask.put(taskId, JobNumbers.read(flink, jobId, clock.millis()));
        } catch (IOException e) {
            // a job that is being started, restarted or stopped has none
            LOG.debug("Task {}: no metrics of job {}: {}", taskId, jobId, e.getMessage());
        }
    }

    @Override
    public void close() {
        if (turns != null) {
            turns.cancel(true);
        }
        worker.shutdownNow();
    }
}

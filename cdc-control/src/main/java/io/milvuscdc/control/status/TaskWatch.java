// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.metrics.JobNumbers;
import io.milvuscdc.control.metrics.LagOrigin;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds how the tasks are doing, and keeps that for some minutes, in memory only.
 * So whoever looks at them costs nothing, however many they are. Safe for use by several threads.
 */
public final class TaskWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskWatch.class);
    private static final long EVERY_SECONDS = 5;
    private static final String ROWS_SENT = "numRecordsSend";
    private static final double MILLIS = 1000.0;

    private final TaskStore store;
    private final CommittedProgress progress;
    private final LagOrigin origin;
    private final Function<String, Optional<JobNumbers>> jobs;
    private final Clock clock;
    private final Map<String, TaskHistory> histories = new HashMap<>();
    private final Map<String, Seen> newest = new HashMap<>();
    private final ScheduledExecutorService worker =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "task-status");
                        thread.setDaemon(true);
                        return thread;
                    });
    private ScheduledFuture<?> turns;

    /**
     * What was seen of a task last.
     *
     * @param committed of its newest checkpoint that could be read
     * @param lagFrom what its lag counts from, milliseconds since 1970
     * @param unreadable why its newest checkpoint can't be read; empty when it can
     * @param collectionRates by collection, rows sent per second
     */
    record Seen(
            CommittedPositions committed,
            OptionalLong lagFrom,
            String unreadable,
            OptionalDouble rowsPerSecond,
            Map<Long, Double> collectionRates,
            List<TaskHistory.Point> points) {

        /** Of a task that wasn't looked at yet. */
        static final Seen NOTHING =
                new Seen(
                        CommittedPositions.NONE,
                        OptionalLong.empty(),
                        "",
                        OptionalDouble.empty(),
                        Map.of(),
                        List.of());
    }

    /**
     * Makes one that doesn't look yet.
     *
     * @param jobs by task id, what Flink has said of the task's job last
     */
    public TaskWatch(
            TaskStore store,
            CommittedProgress progress,
            LagOrigin origin,
            Function<String, Optional<JobNumbers>> jobs,
            Clock clock) {
        this.store = store;
        this.progress = progress;
        this.origin = origin;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Starts to look. */
    public void start() {
        turns = worker.scheduleWithFixedDelay(this::turn, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** What was seen of the task last. */
    synchronized Seen of(String taskId) {
        return newest.getOrDefault(taskId, Seen.NOTHING);
    }

    /** What Flink says of the task's job; empty when it has none that runs. */
    Optional<JobNumbers> job(String taskId) {
        return jobs.apply(taskId);
    }

    private void turn() {
        try {
            look();
        } catch (StoreException | RuntimeException e) {
            LOG.warn("The history of the tasks for the status page isn't kept for now", e);
        }
    }

    /** Adds one point to the history of every task. */
    void look() throws StoreException {
        List<Task> tasks =
                store.list().stream().filter(t -> t.desired() != DesiredState.DELETED).toList();
        for (Task task : tasks) {
            look(task);
        }
        List<String> ids = tasks.stream().map(Task::id).toList();
        synchronized (this) {
            histories.keySet().retainAll(ids);
            newest.keySet().retainAll(ids);
        }
    }

    private void look(Task task) {
        // not under the lock: a disk may take its time
        CommittedPositions committed = of(task.id()).committed();
        OptionalLong from;
        String unreadable = "";
        try {
            committed = progress.of(task);
            from = origin.of(task, committed);
        } catch (IOException e) {
            unreadable = e.getMessage();
            from = origin.unreadable(task);
        }
        Optional<JobNumbers> job = jobs.apply(task.id());
        synchronized (this) {
            TaskHistory history = histories.computeIfAbsent(task.id(), id -> new TaskHistory());
            if (task.desired() == DesiredState.RUNNING) {
                job.ifPresent(
                        now -> {
                            history.rows(now.atMillis(), sent(now));
                            history.collectionRows(now.atMillis(), now.collections().values());
                        });
            } else {
                history.noRows();
            }
            OptionalDouble rate = history.rowsPerSecond();
            history.add(
                    new TaskHistory.Point(
                            clock.millis(),
                            from.isPresent() ? lagSeconds(from.getAsLong()) : null,
                            rate.isPresent() ? rate.getAsDouble() : null));
            newest.put(
                    task.id(),
                    new Seen(
                            committed,
                            from,
                            unreadable,
                            rate,
                            history.collectionRates(),
                            history.points()));
        }
    }

    /** How far behind what counts from this moment is now. */
    double lagSeconds(long fromMillis) {
        return Math.max(0, clock.millis() - fromMillis) / MILLIS;
    }

    /** Rows that the job says it has sent. */
    static double sent(JobNumbers job) {
        return job.totals().getOrDefault(ROWS_SENT, 0.0);
    }

    /** The present, milliseconds since 1970. */
    long now() {
        return clock.millis();
    }

    @Override
    public void close() {
        if (turns != null) {
            turns.cancel(true);
        }
        worker.shutdownNow();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.takeover;

import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.api.StartFinder;
import io.milvuscdc.control.store.GoInstallation;
import io.milvuscdc.control.store.GoTask;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the tasks that a Go Milvus-CDC has left in the store: their definitions, states and
 * positions. Use it once, before tasks run; it finds nothing to do where there's no such
 * installation, or when it has been taken over.
 */
public final class Takeover {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    /** A Go process that replicates stores a position every 5 s by default, also without rows. */
    public static final Duration QUIET = Duration.ofSeconds(12);

    private final TaskStore tasks;
    private final GoInstallation go;
    private final StartFinder starts;
    private final GoStarts positions;
    private final Duration quiet;

    /**
     * A takeover.
     *
     * @param tasks over the same store as {@code go}
     * @param quiet for how long nothing may change before the Go process counts as stopped
     */
    public Takeover(
            TaskStore tasks,
            GoInstallation go,
            StartFinder starts,
            MqMessageIds ids,
            Duration quiet) {
        this.tasks = tasks;
        this.go = go;
        this.starts = starts;
        this.positions = new GoStarts(ids);
        this.quiet = quiet;
    }

    /**
     * Takes over what there is. A task that can't be is told in the log and left as it is, for the
     * next start.
     *
     * @throws StoreException the Go process still runs, or the store doesn't answer
     */
    public void run() throws StoreException, InterruptedException {
        List<GoTask> found = go.goTasks();
        if (found.isEmpty()) {
            return;
        }
        LOG.info(
                "Found {} task(s) of the Go Milvus-CDC; looking for {} s whether it still runs",
                found.size(),
                quiet.toSeconds());
        refuseWhileItRuns(found);
        List<GoTask> runningFirst = new ArrayList<>(found);
        runningFirst.sort(
                Comparator.comparing(task -> task.task().desired() != DesiredState.RUNNING));
        for (GoTask task : runningFirst) {
            takeOver(task);
        }
    }

    private void refuseWhileItRuns(List<GoTask> before)
            throws StoreException, InterruptedException {
        long deadline = System.nanoTime() + quiet.toNanos();
        while (System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.sleep(
                    Math.min(POLL.toNanos(), Math.max(1, deadline - System.nanoTime())));
            List<GoTask> now = go.goTasks();
            if (!now.equals(before)) {
                throw new StoreException(
                        "the Go Milvus-CDC still runs: it has just changed "
                                + changed(before, now)
                                + " in the store. Two of them double rows: stop it, then start this"
                                + " one again. Nothing was changed");
            }
        }
    }

    private static String changed(List<GoTask> before, List<GoTask> now) {
        return now.stream()
                .filter(task -> !before.contains(task))
                .map(task -> "its task " + task.task().id())
                .findFirst()
                .orElse("its tasks");
    }

    private void takeOver(GoTask found) throws StoreException {
        Task task = found.task();
        try {
            StartPoint start = starts.resolve(task.id(), positions.of(found));
            Optional<String> obstacle = obstacle(task);
            go.takeOver(
                    new Task(
                            task.id(),
                            task.definition(),
                            obstacle.isEmpty() ? task.desired() : DesiredState.PAUSED,
                            obstacle.orElse(task.reason()),
                            start,
                            Optional.empty()));
            keep(task.id());
            LOG.info(
                    "Task {}: taken over from the Go Milvus-CDC, {}",
                    task.id(),
                    obstacle.isPresent()
                            ? "paused: " + obstacle.get()
                            : task.desired().label() + ", it goes on where that one stopped");
        } catch (IOException | IllegalArgumentException e) {
            LOG.error(
                    "Task {}: of the Go Milvus-CDC, isn't taken over yet: {}. Mend it and start"
                            + " again",
                    task.id(),
                    e.getMessage());
        }
    }

    private void keep(String taskId) {
        try {
            starts.keep(taskId);
        } catch (IOException e) {
            LOG.warn(
                    "Task {}: taken over, but the source may keep more than it needs from now on"
                            + " (docs/pulsar.md says what to remove): {}",
                    taskId,
                    e.getMessage());
        }
    }

    /** Why a task that ran can't run at once. */
    private Optional<String> obstacle(Task task) throws StoreException {
        if (task.desired() != DesiredState.RUNNING) {
            return Optional.empty();
        }
        if (!task.definition().kafka().isAbsent()) {
            return Optional.of(
                    "taken over from the Go Milvus-CDC, but " + TaskDefinition.KAFKA_UNSUPPORTED);
        }
        // throws when it's no address, before anything is stored
        String address = task.target().address();
        for (Task other : tasks.list()) {
            if (other.desired() == DesiredState.RUNNING
                    && other.definition().hasTargetOf(task.definition())) {
                return Optional.of(
                        "taken over from the Go Milvus-CDC, but one task only can feed a target"
                                + " here, and task "
                                + other.id()
                                + " feeds "
                                + address
                                + " already: delete this one, or delete both and create one task"
                                + " with the collections of both (the request position says where"
                                + " each can go on)");
            }
        }
        return Optional.empty();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps with each task how far it has committed: from time to time while it runs, and whenever it
 * stops. Nothing waits for it, and a checkpoint or store that is away loses no more than one note.
 * Safe for use by several threads.
 */
final class PositionNotes {

    /** How old a running task's note gets. */
    static final Duration EVERY = Duration.ofSeconds(10);

    /** A store that's away holds whoever writes to it for seconds, so it's left alone then. */
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(PositionNotes.class);

    private final TaskStore store;
    private final CommittedProgress progress;
    private final LongSupplier nanoClock;
    private final LongSupplier millisClock;
    private final Map<String, Long> lookedNanos = new ConcurrentHashMap<>();
    private final ReentrantLock storing = new ReentrantLock();
    private Long failedNanos; // guarded by storing; null when the last note could be stored

    /** Notes into a store what stands in the newest checkpoints, by this machine's clocks. */
    PositionNotes(TaskStore store, RestorePoints points) {
        this(store, new CommittedProgress(points), System::nanoTime, System::currentTimeMillis);
    }

    /**
     * Notes into a store.
     *
     * @param nanoClock as {@link System#nanoTime}
     * @param millisClock as {@link System#currentTimeMillis}
     */
    PositionNotes(
            TaskStore store,
            CommittedProgress progress,
            LongSupplier nanoClock,
            LongSupplier millisClock) {
        this.store = store;
        this.progress = progress;
        this.nanoClock = nanoClock;
        this.millisClock = millisClock;
    }

    /** Notes how far a running task has come, when the last note is old. */
    void keep(Task task) {
        long now = nanoClock.getAsLong();
        Long looked = lookedNanos.get(task.id());
        boolean due = looked == null || now - looked >= EVERY.toNanos();
        if (!due || !storing.tryLock()) {
            return;
        }
        try {
            if (failedNanos == null || now - failedNanos >= AFTER_FAILURE.toNanos()) {
                lookedNanos.put(task.id(), now);
                note(task, now);
            }
        } finally {
            storing.unlock();
        }
    }

    private void note(Task task, long now) {
        Optional<LastPosition> position = of(task);
        if (position.isEmpty()) {
            return;
        }
        try {
            store.update(task.id(), stored -> stored.with(position.get()));
            failedNanos = null;
        } catch (StoreException e) {
            if (failedNanos == null) {
                LOG.warn(
                        "Task {}: how far it has come can't be stored now, so that the last position"
                                + " that would be known if its checkpoints were lost grows old: {}",
                        task.id(),
                        e.getMessage());
            }
            failedNanos = now;
        }
    }

    /**
     * How far a task has come, by its newest checkpoint or savepoint; empty when it hasn't
     * committed anything, or that can't be read.
     */
    Optional<LastPosition> of(Task task) {
        try {
            CommittedPositions committed = progress.of(task);
            return committed.tick() == 0
                    ? Optional.empty()
                    : Optional.of(new LastPosition(millisClock.getAsLong(), committed.summary()));
        } catch (IOException e) {
            // whoever starts from it says so
            LOG.debug("Task {}: its checkpoint can't be read", task.id(), e);
            return Optional.empty();
        }
    }

    /** Forgets a task that was deleted. */
    void forget(String taskId) {
        lookedNanos.remove(taskId);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.Task;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps through all tasks again and again, several at once but each by one step at a time. A step
 * that fails is told in the log and tried again with growing pauses.
 */
public final class ReconcileLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(10);

    private final TaskStore store;
    private final TaskReconciler reconciler;
    private final Thread clock;
    private final Semaphore wakes = new Semaphore(0);
    private final ExecutorService workers;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Map<String, Retry> retries = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stepped = lock.newCondition();

    private record Retry(int failures, String message, long notBeforeNanos) {}

    public ReconcileLoop(TaskStore store, TaskReconciler reconciler) {
        this.store = store;
        this.reconciler = reconciler;
        this.clock = new Thread(this::passes, "reconcile-clock");
        this.workers = Executors.newCachedThreadPool(task -> new Thread(task, "reconcile"));
    }

    /** Starts to step. */
    public void start() {
        clock.start();
    }

    /** Steps at once through what has changed, without waiting for the next turn. */
    public void wake() {
        retries.clear();
        wakes.release();
    }

    private void passes() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                pass();
                if (wakes.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakes.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            // closing
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until a task that's wanted paused or deleted is so.
     *
     * @return false when it isn't after the bound; it will be later
     */
    public boolean awaitStopped(String taskId, Duration bound) throws InterruptedException {
        long remaining = bound.toNanos();
        lock.lockInterruptibly();
        try {
            while (remaining > 0) {
                if (isStopped(taskId)) {
                    return true;
                }
                remaining = stepped.awaitNanos(remaining);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopped(String taskId) {
        try {
            return reconciler.isStopped(taskId);
        } catch (StoreException e) {
            return false;
        }
    }

    private void pass() {
        try {
            for (Task task : store.list()) {
                if (isDue(task.id()) && busy.add(task.id())) {
                    workers.execute(() -> step(task.id()));
                }
            }
        } catch (StoreException | RuntimeException e) {
            LOG.error("The tasks can't be listed, trying again", e);
        }
    }

    private boolean isDue(String taskId) {
        Retry retry = retries.get(taskId);
        return retry == null || System.nanoTime() - retry.notBeforeNanos() >= 0;
    }

    private void step(String taskId) {
        try {
            reconciler.step(taskId);
            retries.remove(taskId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            delay(taskId, e);
        } finally {
            busy.remove(taskId);
            lock.lock();
            try {
                stepped.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void delay(String taskId, Exception failure) {
        Retry before = retries.getOrDefault(taskId, new Retry(0, "", 0));
        String message = String.valueOf(failure.getMessage());
        Duration pause = Duration.ofSeconds(1L << Math.min(before.failures(), 5));
        pause = pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
        if (!message.equals(before.message())) {
            LOG.warn("Task {}: trying again, after: {}", taskId, message, failure);
        }
        retries.put(
                taskId,
                new Retry(before.failures() + 1, message, System.nanoTime() + pause.toNanos()));
    }

    /** Stops stepping; a step under way may end, within a bound. */
    @Override
    public void close() throws InterruptedException {
        clock.interrupt();
        clock.join();
        workers.shutdown();
        if (!workers.awaitTermination(CLOSE_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
            workers.shutdownNow();
        }
    }
}

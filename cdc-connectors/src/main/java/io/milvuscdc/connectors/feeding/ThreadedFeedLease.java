// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import io.milvuscdc.connectors.failure.FeedingRefusedException;
import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.failure.SourceUnreachableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a thread of its own make the steps of a claim, from the first question on until it's closed
 * or can't be had any more. The thread gives it back, too.
 */
final class ThreadedFeedLease implements FeedLease {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadedFeedLease.class);

    private static final Duration WHILE_WAITING = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    private final FeedClaim claim;
    private final Feeder feeder;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private boolean ended;
    private volatile boolean started;
    private volatile boolean closed;
    private volatile IOException failure;
    private volatile String unanswered = "";

    ThreadedFeedLease(FeedClaim claim, Feeder feeder) {
        this.claim = claim;
        this.feeder = feeder;
        this.thread = new Thread(this::run, "feeding-" + feeder.taskId() + "-" + feeder.member());
        this.thread.setDaemon(true);
    }

    @Override
    public boolean isHeld() throws IOException {
        if (!started) {
            start();
        }
        if (failure != null) {
            throw failure;
        }
        return claim.isHeld();
    }

    private void start() {
        lock.lock();
        try {
            if (!started && !closed) {
                started = true;
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void await(Duration bound) throws IOException, InterruptedException {
        long left = bound.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isHeld()) {
                if (left <= 0) {
                    throw new SourceUnreachableException(
                            "Whether another job feeds the target can't be told: " + unanswered,
                            null);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletableFuture<Void> held() {
        try {
            if (isHeld()) {
                return CompletableFuture.completedFuture(null);
            }
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Void> later = new CompletableFuture<>();
        lock.lock();
        try {
            if (!ended) {
                waiting.add(later);
                return later;
            }
        } finally {
            lock.unlock();
        }
        answer(later);
        return later;
    }

    private void run() {
        try {
            while (!closed && !claim.isUnprotected()) {
                pause(step());
            }
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException e) {
            LOG.error("{} can't keep its right to feed the target", feeder, e);
            failure = new IOException("the right to feed the target is lost: " + e);
        } finally {
            end();
            claim.release();
        }
    }

    /** One step; gives how long to wait before the next. */
    private Duration step() throws IOException {
        Duration pause;
        try {
            claim.step();
            if (!unanswered.isEmpty()) {
                LOG.info("{}: there are answers again", feeder);
                unanswered = "";
            }
            pause = claim.isHeld() ? claim.ttl().dividedBy(3) : WHILE_WAITING;
        } catch (FeedingRefusedException | SourceRefusedException | SupersededException e) {
            throw e;
        } catch (IOException e) {
            if (unanswered.isEmpty()) {
                LOG.warn(
                        "{}: whether it's the only one that feeds the target can't be told until"
                                + " there is an answer, nothing is sent if that takes longer: {}",
                        feeder,
                        e.getMessage());
            }
            unanswered = e.getMessage();
            pause = AFTER_FAILURE;
        }
        signal();
        return pause;
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
        signal();
    }

    private void signal() {
        List<CompletableFuture<Void>> answered = new ArrayList<>();
        lock.lock();
        try {
            changed.signalAll();
            if (ended || claim.isHeld()) {
                answered.addAll(waiting);
                waiting.clear();
            }
        } finally {
            lock.unlock();
        }
        answered.forEach(this::answer);
    }

    private void answer(CompletableFuture<Void> asked) {
        IOException why = failure;
        if (why != null) {
            asked.completeExceptionally(why);
        } else if (claim.isHeld()) {
            asked.complete(null);
        } else {
            asked.completeExceptionally(new IOException(feeder + " is closed"));
        }
    }

    private void pause(Duration pause) {
        long left = pause.toNanos();
        lock.lock();
        try {
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!started) {
            return;
        }
        try {
            thread.join(TimeUnit.NANOSECONDS.toMillis(CLOSE_BOUND.toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

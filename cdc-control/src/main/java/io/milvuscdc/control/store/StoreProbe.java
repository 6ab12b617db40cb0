// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a backend over and over whether it can be used, in a thread of its own: who wants to know
 * waits for no disk or server that hangs, and asks it no more often. Safe for use by several
 * threads.
 */
final class StoreProbe implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreProbe.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /**
     * An etcd elects a leader in less. A control plane that can't renew its lease ends itself
     * later, with the default leaseTtl, so that there's something to be told before that.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Question question;
    private final Duration interval;
    private final Duration patience;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "store-probe");

    /** When the first question was asked that has had no good answer up to now. */
    private volatile OptionalLong doubtedSince = OptionalLong.empty();

    /** Returns when the backend can be used. */
    @FunctionalInterface
    interface Question {
        void ask() throws StoreException;
    }

    /** Asks every 2 s; a backend that gives no good answer for 5 s can't be reached. */
    StoreProbe(Question question) {
        this(question, INTERVAL, PATIENCE);
    }

    StoreProbe(Question question, Duration interval, Duration patience) {
        this.question = question;
        this.interval = interval;
        this.patience = patience;
    }

    /** Begins to ask. */
    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** False when there has been no good answer for too long. Doesn't wait. */
    boolean isWell() {
        OptionalLong since = doubtedSince;
        return since.isEmpty() || System.nanoTime() - since.getAsLong() < patience.toNanos();
    }

    private void run() {
        try {
            boolean well = true;
            while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                well = ask(well);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean ask(boolean wellBefore) {
        if (doubtedSince.isEmpty()) {
            doubtedSince = OptionalLong.of(System.nanoTime());
        }
        try {
            question.ask();
            doubtedSince = OptionalLong.empty();
            if (!wellBefore) {
                LOG.info("The task store can be used again");
            }
            return true;
        } catch (StoreException | RuntimeException e) {
            if (wellBefore && closing.getCount() > 0) {
                LOG.warn("The task store can't be used: {}", e.getMessage());
            }
            return false;
        }
    }

    /** Asks no more. What was asked last isn't waited for, as it may hang. */
    @Override
    public void close() {
        closing.countDown();
    }
}

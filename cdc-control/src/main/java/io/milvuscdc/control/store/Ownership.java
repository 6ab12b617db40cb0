// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a {@link StoreLease} for as long as the process lives. Whoever can't renew it in time must
 * take it as lost, as another control plane may then run the same tasks.
 */
final class Ownership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
    private static final Duration WAIT = Duration.ofMillis(500);

    /** A store that is started together with this process, or on a machine that's busy. */
    private static final Duration UP_WITHIN = Duration.ofSeconds(20);

    private static final Duration TELL_AGAIN = Duration.ofSeconds(30);

    private final StoreLease lease;
    private final Duration ttl;
    private final Runnable onLost;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread renewal = new Thread(this::keep, "store-owner");

    private volatile long renewedAt;
    private volatile boolean lost;

    private Ownership(StoreLease lease, Duration ttl, Runnable onLost, long renewedAt) {
        this.lease = lease;
        this.ttl = ttl;
        this.onLost = onLost;
        this.renewedAt = renewedAt;
    }

    /**
     * Waits until nobody else owns the store, then owns it.
     *
     * @param ttl after which the backend gives an unrenewed lease to others
     * @param onLost is called once, from a thread of its own, when it has been lost; the process
     *     must then stop what it does for the tasks, at once
     * @throws StoreException the store refuses, or hasn't answered for 20 s
     */
    static Ownership await(StoreLease lease, Duration ttl, Runnable onLost)
            throws StoreException, InterruptedException {
        long toldAt = 0;
        long begin = System.nanoTime();
        boolean warned = false;
        while (true) {
            long start = System.nanoTime();
            Optional<String> other;
            try {
                other = lease.take();
            } catch (StoreException e) {
                if (!e.isPassing() || start - begin > UP_WITHIN.toNanos()) {
                    throw e;
                }
                if (!warned) {
                    LOG.warn("Trying again for {} s: {}", UP_WITHIN.toSeconds(), e.getMessage());
                    warned = true;
                }
                TimeUnit.NANOSECONDS.sleep(WAIT.toNanos());
                continue;
            }
            if (other.isEmpty()) {
                Ownership ownership = new Ownership(lease, ttl, onLost, start);
                ownership.renewal.setDaemon(true);
                ownership.renewal.start();
                return ownership;
            }
            if (toldAt == 0 || start - toldAt > TELL_AGAIN.toNanos()) {
                LOG.info(
                        "Waiting: another control plane owns {}: {}. This one starts when that one"
                                + " has stopped, or {} s after it was killed",
                        lease.describe(),
                        other.get(),
                        ttl.toSeconds());
                toldAt = start;
            }
            TimeUnit.NANOSECONDS.sleep(WAIT.toNanos());
        }
    }

    /**
     * Returns when this process owns the store.
     *
     * @throws StoreException it doesn't any more, and must not write
     */
    void check() throws StoreException {
        if (lost || System.nanoTime() - renewedAt > ttl.toNanos()) {
            throw new StoreException(
                    "this control plane no longer owns "
                            + lease.describe()
                            + " and must not change it: another one may have taken over, or the"
                            + " store didn't answer for "
                            + ttl.toSeconds()
                            + " s");
        }
    }

    private void keep() {
        try {
            boolean answered = true;
            // a third of the time leaves room for two failed tries
            while (!closing.await(
                    answered ? ttl.toMillis() / 3 : WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                answered = renew(answered);
                if (lost) {
                    onLost.run();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean renew(boolean answeredBefore) {
        long start = System.nanoTime();
        try {
            if (lease.renew()) {
                renewedAt = start;
                if (!answeredBefore) {
                    LOG.info("{} answers again", lease.describe());
                }
                return true;
            }
            LOG.error("Another control plane has taken over {}", lease.describe());
            lost = true;
        } catch (StoreException | RuntimeException e) {
            if (answeredBefore) {
                LOG.warn(
                        "The right to change {} can't be renewed, trying again for {} s: {}",
                        lease.describe(),
                        ttl.toSeconds(),
                        e.getMessage());
            }
            lost = System.nanoTime() - renewedAt > ttl.toNanos() * 9 / 10;
        }
        return false;
    }

    /** Gives the store to the next one, without waiting for the lease to lapse. */
    @Override
    public void close() throws StoreException {
        closing.countDown();
        try {
            renewal.join(ttl.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!lost) {
            lease.release();
        }
    }
}

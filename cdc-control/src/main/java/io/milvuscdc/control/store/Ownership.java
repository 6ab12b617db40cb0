// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a {@link StoreLease} for as long as the process lives. Whoever can't renew it in time must
 * take it as lost, as another control plane may then run the same tasks. One thread renews; a call
 * may take it longer than the lease holds, so another one watches the time.
 */
final class Ownership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
    private static final Duration WAIT = Duration.ofMillis(500);

    /** A store that is started together with this process, or on a machine that's busy. */
    private static final Duration UP_WITHIN = Duration.ofSeconds(20);

    private static final Duration TELL_AGAIN = Duration.ofSeconds(30);

    /** Which part of its time a lease counts as held: the process needs the rest to end. */
    private static final double HELD = 0.9;

    /**
     * Of a lease's time, too: a watch that comes so late hasn't been run, and its process neither.
     */
    private static final double STOOD_STILL = 0.2;

    private final StoreLease lease;
    private final Duration ttl;
    private final Runnable onLost;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread renewal = new Thread(this::keep, "store-owner");
    private final Thread watch = new Thread(this::watch, "store-owner-watch");
    private final AtomicBoolean lost = new AtomicBoolean();

    private volatile long renewedAt;

    private Ownership(StoreLease lease, Duration ttl, Runnable onLost, long renewedAt) {
        this.lease = lease;
        this.ttl = ttl;
        this.onLost = onLost;
        this.renewedAt = renewedAt;
    }

    /**
     * Waits until nobody else owns the store, then owns it.
     *
     * @param ttl whole seconds but in tests, after which the backend gives an unrenewed lease to
     *     others
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
                ownership.start();
                return ownership;
            }
            begin = start;
            warned = false;
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

    private void start() {
        for (Thread thread : List.of(renewal, watch)) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Returns when this process owns the store.
     *
     * @throws StoreException it doesn't any more, and must not write
     */
    void check() throws StoreException {
        if (lost.get() || System.nanoTime() - renewedAt > ttl.toNanos()) {
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
            while (!lost.get()
                    && !closing.await(
                            answered ? ttl.toMillis() / 3 : WAIT.toMillis(),
                            TimeUnit.MILLISECONDS)) {
                answered = renew(answered);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        try {
            long wake = heldUntil();
            while (!closing.await(wake - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                if (heldUntil() - now > 0) {
                    wake = heldUntil();
                } else if (now - wake > part(STOOD_STILL)) {
                    // the renewal may still find that nobody else was owner meanwhile
                    wake = now + part(STOOD_STILL);
                } else {
                    lose("The right to change {} couldn't be renewed in time");
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long heldUntil() {
        return renewedAt + part(HELD);
    }

    private long part(double ofTtl) {
        return (long) (ttl.toNanos() * ofTtl);
    }

    private void lose(String how) {
        if (lost.compareAndSet(false, true)) {
            LOG.error(how, lease.describe());
            onLost.run();
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
            lose("Another control plane has taken over {}");
        } catch (StoreException | RuntimeException e) {
            if (answeredBefore) {
                LOG.warn(
                        "The right to change {} can't be renewed, trying again for {} s: {}",
                        lease.describe(),
                        ttl.toSeconds(),
                        e.getMessage());
            }
        }
        return false;
    }

    /** Gives the store to the next one, without waiting for the lease to lapse. */
    @Override
    public void close() throws StoreException {
        closing.countDown();
        try {
            renewal.join(ttl.toMillis());
            watch.join(ttl.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!lost.get()) {
            lease.release();
        }
    }
}

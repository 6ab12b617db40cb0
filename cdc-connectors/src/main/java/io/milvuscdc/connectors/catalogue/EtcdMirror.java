// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.options.OptionsUtil;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of some prefixes of etcd that follows etcd by a watch. It only ever shows whole revisions,
 * in their order; tombstones count as absent. A watch that is lost for whatever reason (compaction,
 * network, restart, silence) is replaced by a new listing and a new watch, for ever; what changed
 * meanwhile is found by comparing, so changes can be merged but never missed.
 *
 * <p>One watch covers the range from the first prefix to the last, because etcd keeps the order of
 * revisions within one watch only; keys of other prefixes in the range are passed over.
 *
 * <p>Thread-safe: a thread of its own writes, anyone reads.
 */
final class EtcdMirror implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdMirror.class);

    private static final Duration LIST_BOUND = Duration.ofSeconds(30);
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
    private static final Duration SILENCE_BOUND = Duration.ofSeconds(20);
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long LAST_BACKOFF_MILLIS = 5_000;

    /** Something to compute from the copy and from the keys that changed since the last time. */
    @FunctionalInterface
    interface Reader<T> {
        T read(NavigableMap<String, EtcdValue> copy, Set<String> changedKeys);
    }

    private final EtcdConnection connection;
    private final List<String> prefixes;
    private final ByteSequence end;
    private final Runnable onChange;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    // guarded by this
    private final TreeMap<String, EtcdValue> copy = new TreeMap<>();
    private Set<String> changedKeys = new HashSet<>();
    private long revision;
    private long changeCount;

    // of the mirror's thread
    private long outageSince;
    private long backoffMillis = FIRST_BACKOFF_MILLIS;

    /**
     * @param connection closed with this
     * @param onChange called after each change that comes after the start, by the mirror's thread,
     *     without a lock; must not block
     */
    EtcdMirror(EtcdConnection connection, List<String> prefixes, Runnable onChange) {
        this.connection = connection;
        this.prefixes = prefixes.stream().sorted().toList();
        this.end =
                OptionsUtil.prefixEndOf(
                        EtcdConnection.bytes(this.prefixes.get(prefixes.size() - 1)));
        this.onChange = onChange;
        this.thread = new Thread(this::run, "etcd-mirror");
        this.thread.setDaemon(true);
    }

    /** Lists for the first time, then follows; throws when etcd does not answer within 30 s. */
    void start() throws IOException {
        relist();
        thread.start();
    }

    /**
     * Computes something from one state of the copy, with the mirror's lock held. The set of
     * changed keys starts anew when the reader returns, and is kept when it throws.
     */
    synchronized <T> T read(Reader<T> reader) {
        T result = reader.read(Collections.unmodifiableNavigableMap(copy), changedKeys);
        changedKeys = new HashSet<>();
        return result;
    }

    /** Grows with every change of the copy. */
    synchronized long changeCount() {
        return changeCount;
    }

    /** The revision up to which the copy surely holds everything. */
    synchronized long revision() {
        return revision;
    }

    private void run() {
        boolean lost = false;
        while (closing.getCount() > 0) {
            try {
                if (lost) {
                    relist();
                    onChange.run();
                }
                follow();
            } catch (IOException e) {
                lost = true;
                reportLoss(e);
                awaitBackoff();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // without this thread the copy would go stale unseen
                LOG.error("The mirror of {} failed, it lists again", connection, e);
                lost = true;
                awaitBackoff();
            }
        }
    }

    private void relist() throws IOException {
        EtcdConnection.Listing listing = connection.list(prefixes, 0, LIST_BOUND);
        synchronized (this) {
            if (listing.live().isEmpty() && !copy.isEmpty()) {
                throw new IOException(
                        connection
                                + " holds nothing any more where there were "
                                + copy.size()
                                + " keys: was it wiped or replaced?");
            }
            Set<String> keys = new TreeSet<>(copy.keySet());
            keys.addAll(listing.live().keySet());
            keys.removeIf(
                    key -> {
                        EtcdValue held = copy.get(key);
                        return held != null && held.equals(listing.live().get(key));
                    });
            for (String key : keys) {
                set(key, listing.live().get(key));
            }
            revision = listing.revision();
        }
    }

    /** Applies what a new watch brings until that watch is lost. */
    private void follow() throws IOException, InterruptedException {
        try (EtcdWatch watch = connection.watch(prefixes.get(0), end, revision() + 1)) {
            long heard = System.nanoTime();
            while (true) {
                WatchResponse response = watch.poll(PROGRESS_EVERY).orElse(null);
                if (response != null) {
                    heard = System.nanoTime();
                    reportRecovery();
                    apply(response.getEvents());
                } else if (System.nanoTime() - heard > SILENCE_BOUND.toNanos()) {
                    throw new IOException(
                            "the watch on etcd has been silent for "
                                    + SILENCE_BOUND.toSeconds()
                                    + " s");
                } else {
                    watch.requestProgress();
                }
            }
        }
    }

    private void apply(List<WatchEvent> events) {
        long before = changeCount();
        synchronized (this) {
            for (WatchEvent event : events) {
                String key = EtcdConnection.key(event.getKeyValue());
                revision = Math.max(revision, event.getKeyValue().getModRevision());
                if (prefixes.stream().noneMatch(key::startsWith)) {
                    continue;
                }
                EtcdValue value = EtcdConnection.value(event.getKeyValue());
                boolean gone =
                        event.getEventType() == WatchEvent.EventType.DELETE || value.isTombstone();
                set(key, gone ? null : value);
            }
        }
        if (changeCount() != before) {
            onChange.run();
        }
    }

    /** Sets or, with null, removes a key; a removal of what isn't there is no change. */
    private void set(String key, EtcdValue value) {
        EtcdValue old = value == null ? copy.remove(key) : copy.put(key, value);
        if (old != null || value != null) {
            changedKeys.add(key);
            changeCount++;
        }
    }

    private void reportLoss(IOException e) {
        if (closing.getCount() == 0) {
            return;
        }
        if (outageSince == 0) {
            outageSince = System.nanoTime();
            LOG.warn(
                    "{}: {}; the copy stays as it is until etcd answers again",
                    connection,
                    e.getMessage(),
                    e);
        } else {
            LOG.debug("{} is still away", connection, e);
        }
    }

    private void reportRecovery() {
        backoffMillis = FIRST_BACKOFF_MILLIS;
        if (outageSince != 0) {
            LOG.info(
                    "{} is followed again after {} ms, from revision {} on",
                    connection,
                    (System.nanoTime() - outageSince) / 1_000_000,
                    revision());
            outageSince = 0;
        }
    }

    private void awaitBackoff() {
        try {
            if (!closing.await(backoffMillis, TimeUnit.MILLISECONDS)) {
                backoffMillis = Math.min(LAST_BACKOFF_MILLIS, backoffMillis * 2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.target.TargetException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to the target's pchannels: in order and one request at a time within a pchannel,
 * side by side across pchannels. What arrives while a request is under way makes up the next one,
 * so requests grow with the load. Called by the writer's thread; answers arrive on the client's
 * threads.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final TargetApplier applier;
    private final RetryPolicy retries;
    private final long maxRequestBytes;
    private final long maxPendingBytes;
    private final LaneListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition acknowledged = lock.newCondition();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private long pendingBytes;
    private Throwable failure;

    // read by metrics
    private final AtomicLong allSentAgain = new AtomicLong();
    private volatile long lastSendMillis;

    /** Hears of each target pchannel once, with its first message. */
    @FunctionalInterface
    interface LaneListener {

        /** Called by the thread that adds; {@code sentAgain} may be asked by any. */
        void opened(String pchannel, LongSupplier sentAgain);
    }

    Outbox(
            TargetApplier applier,
            RetryPolicy retries,
            long maxRequestBytes,
            long maxPendingBytes,
            LaneListener listener) {
        this.applier = applier;
        this.retries = retries;
        this.maxRequestBytes = maxRequestBytes;
        this.maxPendingBytes = maxPendingBytes;
        this.listener = listener;
    }

    /** Queues a message; waits while too much is unacknowledged. */
    void add(String pchannel, ByteString message, long timestamp)
            throws IOException, InterruptedException {
        Lane opened = null;
        lock.lockInterruptibly();
        try {
            while (failure == null && pendingBytes > maxPendingBytes) {
                acknowledged.await();
            }
            throwIfFailed();
            Lane lane = lanes.get(pchannel);
            if (lane == null) {
                lane = new Lane(pchannel);
                lanes.put(pchannel, lane);
                opened = lane;
            }
            lane.queue.add(new Item(message, timestamp));
            lane.added++;
            pendingBytes += message.size();
            if (!lane.busy) {
                lane.dispatch();
            }
        } finally {
            lock.unlock();
        }
        if (opened != null) {
            // not under the lock: who listens may have locks of its own
            listener.opened(pchannel, opened.sentAgain::get);
        }
    }

    /** Waits until everything that was added has been acknowledged by the target. */
    void awaitAcknowledged() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (failure == null && pendingBytes > 0) {
                acknowledged.await();
            }
            throwIfFailed();
        } finally {
            lock.unlock();
        }
    }

    /** What has been added to each pchannel so far, to ask for its acknowledgement later. */
    record Mark(Map<String, Long> added) {}

    Mark mark() {
        lock.lock();
        try {
            Map<String, Long> added = new HashMap<>();
            lanes.forEach((pchannel, lane) -> added.put(pchannel, lane.added));
            return new Mark(added);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the target has acknowledged all that had been added at the mark. */
    boolean isAcknowledged(Mark mark) throws IOException {
        lock.lock();
        try {
            throwIfFailed();
            return mark.added().entrySet().stream()
                    .allMatch(entry -> lanes.get(entry.getKey()).finished >= entry.getValue());
        } finally {
            lock.unlock();
        }
    }

    /** By target pchannel, what the target has answered last of its place there. */
    Map<String, String> places() {
        lock.lock();
        try {
            return Map.copyOf(places);
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that were added and aren't acknowledged. */
    long pendingBytes() {
        lock.lock();
        try {
            return pendingBytes;
        } finally {
            lock.unlock();
        }
    }

    /** How often a request was sent again, as the target hadn't taken it. */
    long sentAgain() {
        return allSentAgain.get();
    }

    /** How long the target took for the newest request that it took at once; 0 before. */
    long lastSendMillis() {
        return lastSendMillis;
    }

    private void throwIfFailed() throws IOException {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private record Item(ByteString message, long timestamp) {}

    /** The messages of one target pchannel. Guarded by the outbox' lock. */
    private final class Lane {
        private final String pchannel;
        private final Deque<Item> queue = new ArrayDeque<>();
        private final AtomicLong sentAgain = new AtomicLong();
        private long added;
        private long finished;
        private boolean busy;

        Lane(String pchannel) {
            this.pchannel = pchannel;
        }

        void dispatch() {
            List<ByteString> messages = new ArrayList<>();
            long bytes = 0;
            long minTs = Long.MAX_VALUE;
            long maxTs = 0;
            while (!queue.isEmpty()
                    && (messages.isEmpty()
                            || bytes + queue.peek().message().size() <= maxRequestBytes)) {
                Item item = queue.remove();
                messages.add(item.message());
                bytes += item.message().size();
                minTs = Math.min(minTs, item.timestamp());
                maxTs = Math.max(maxTs, item.timestamp());
            }
            busy = true;
            attempt(new Request(messages, bytes, minTs, maxTs, System.nanoTime()), 0);
        }

        private void attempt(Request request, int attempt) {
            CompletableFuture<String> call;
            try {
                call = applier.send(pchannel, request.minTs(), request.maxTs(), request.messages());
            } catch (RuntimeException e) {
                call = CompletableFuture.failedFuture(e);
            }
            var unused =
                    call.whenComplete((place, error) -> answered(request, attempt, place, error));
        }

        private void answered(Request request, int attempt, String place, Throwable error) {
            if (error == null && attempt == 0) {
                lastSendMillis =
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - request.firstNanos());
                finished(request, place);
            } else if (error == null) {
                later(retries.settle(), () -> finished(request, place));
            } else {
                failed(request, attempt, unwrap(error));
            }
        }

        private void failed(Request request, int attempt, Throwable error) {
            boolean again =
                    error instanceof TargetException e && e.kind() == TargetException.Kind.RETRY;
            boolean inTime =
                    System.nanoTime() - request.firstNanos() < retries.giveUpAfter().toNanos();
            if (again && inTime) {
                if (attempt == 0) {
                    LOG.warn(
                            "{} messages for target channel {} were not taken and are sent again: {}",
                            request.messages().size(),
                            pchannel,
                            error.getMessage());
                }
                sentAgain.incrementAndGet();
                allSentAgain.incrementAndGet();
                later(retries.pause(attempt), () -> attempt(request, attempt + 1));
                return;
            }
            lock.lock();
            try {
                if (failure == null) {
                    failure = error;
                }
                acknowledged.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void finished(Request request, String place) {
            lock.lock();
            try {
                if (!place.isEmpty()) {
                    places.put(pchannel, place);
                }
                pendingBytes -= request.bytes();
                finished += request.messages().size();
                busy = false;
                if (!queue.isEmpty()) {
                    dispatch();
                }
                acknowledged.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private record Request(
            List<ByteString> messages, long bytes, long minTs, long maxTs, long firstNanos) {}

    private static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null
                ? error.getCause()
                : error;
    }

    private static void later(Duration pause, Runnable action) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS).execute(action);
    }
}

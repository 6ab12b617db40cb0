// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.connectors.target.TargetException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes at the target, one collection after the other, on a thread of its own: a Milvus answers a
 * flush only when a data node watches all of the collection's channels, and a new channel waits for
 * those that are being given up, some 10 s for each (measured with 2.3.5). New collections and
 * indexes mustn't wait for that.
 *
 * <p>A flush is a wish: the target may refuse it (rate limit), and flushes by itself later. One
 * that is still waiting stands for all that are asked of the same collection meanwhile.
 */
final class Flusher implements AutoCloseable {

    /** The call that flushes. */
    @FunctionalInterface
    interface FlushCall {
        /**
         * Flushes the collection, or fails.
         *
         * @throws TargetException when the target doesn't take it
         */
        void flush(SourceCollection collection);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);

    private final String taskId;
    private final FlushCall call;
    private final ExecutorService thread;
    private final Set<Long> waiting = new HashSet<>();
    private volatile RuntimeException failure;

    Flusher(String taskId, FlushCall call) {
        this.taskId = taskId;
        this.call = call;
        this.thread =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        work -> {
                            Thread made = new Thread(work, "flush-" + taskId);
                            made.setDaemon(true);
                            return made;
                        },
                        // only what comes after close is rejected
                        new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Asks for a flush and returns at once. */
    void flush(SourceCollection collection) {
        synchronized (waiting) {
            if (!waiting.add(collection.id())) {
                return;
            }
        }
        thread.execute(() -> run(collection));
    }

    private void run(SourceCollection collection) {
        synchronized (waiting) {
            waiting.remove(collection.id());
        }
        try {
            call.flush(collection);
        } catch (FatalTargetException e) {
            failure = e;
        } catch (TargetException e) {
            if (thread.isShutdown()) {
                return;
            }
            LOG.warn(
                    "Task {}: flush of {}.{} was not taken by the target: {}",
                    taskId,
                    collection.dbName(),
                    collection.name(),
                    e.getMessage());
        } catch (RuntimeException e) {
            failure = e;
            LOG.error("Task {}: flushes can't be passed on any further", taskId, e);
        }
    }

    /** Throws what made a flush fail for good. */
    void throwIfFailed() {
        if (failure != null) {
            throw failure;
        }
    }

    /** Gives up what waits. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}

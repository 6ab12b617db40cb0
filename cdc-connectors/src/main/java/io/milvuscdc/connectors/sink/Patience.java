// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.failure.SourceUnreachableException;
import io.milvuscdc.connectors.target.TargetException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes rows wait, and drops of partitions, whose collection or partition can't be looked up
 * because the source's etcd or the target doesn't answer. A job that failed of it and was restarted
 * would be no nearer to the answer, and have lost what it had read ahead. What answers, but with an
 * error, isn't waited for. Used by one thread.
 */
final class Patience {

    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    private static final long BETWEEN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long SAY_EVERY_NANOS = Duration.ofSeconds(30).toNanos();

    private final LongSupplier nanoTime;
    private String reason = "";
    private long firstNanos;
    private long lastNanos;
    private long saidNanos;

    /** A question to source or target. */
    @FunctionalInterface
    interface Lookup<T> {
        Routing<T> ask() throws IOException;
    }

    /** {@code nanoTime} as {@link System#nanoTime}. */
    Patience(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Asks, or not when nobody has answered just before.
     *
     * @return {@link Routing.Blocked} when nobody answers
     */
    <T> Routing<T> ask(Lookup<T> lookup) throws IOException {
        if (isWaiting() && nanoTime.getAsLong() - lastNanos < BETWEEN_NANOS) {
            return new Routing.Blocked<>(reason);
        }
        try {
            Routing<T> answer = lookup.ask();
            answered();
            return answer;
        } catch (SourceUnreachableException e) {
            return blocked(e);
        } catch (TargetException e) {
            if (!e.unanswered() || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return blocked(e);
        }
    }

    private boolean isWaiting() {
        return !reason.isEmpty();
    }

    private void answered() {
        if (isWaiting()) {
            LOG.info(
                    "There are answers again after {} s",
                    Duration.ofNanos(nanoTime.getAsLong() - firstNanos).toSeconds());
            reason = "";
        }
    }

    private <T> Routing<T> blocked(Exception failure) {
        boolean first = !isWaiting();
        reason = failure.getMessage();
        lastNanos = nanoTime.getAsLong();
        if (first) {
            firstNanos = lastNanos;
        }
        if (first || lastNanos - saidNanos >= SAY_EVERY_NANOS) {
            saidNanos = lastNanos;
            LOG.warn(
                    "Rows of a new collection or partition, or the drop of one, wait, and nothing"
                            + " newer becomes visible at the target, until there is an answer: {}",
                    reason);
        }
        return new Routing.Blocked<>(reason);
    }
}

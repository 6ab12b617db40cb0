// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for conditions, always with a bound: the one place where this module sleeps. */
public final class Await {

    /**
     * For what comes within seconds on a quiet machine: only what never comes takes this long. A
     * busy one needs minutes; Milvus itself gives a flush of a new collection three, because its
     * channels wait for those that are being given up, 10 s for each (2.3.5 on Kafka).
     */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private Await() {}

    /**
     * Returns as soon as the condition holds. A condition that throws counts as one that doesn't
     * hold; its last exception becomes the cause when the time is up.
     *
     * @param what completes the sentence "waited for ..."
     * @throws ServerException when the time is up
     */
    public static void until(String what, Duration bound, Callable<Boolean> condition) {
        until(what, bound, condition, Optional::empty);
    }

    /**
     * As {@link #until(String, Duration, Callable)}, for a condition that costs something to ask.
     */
    public static void untilAskedRarely(
            String what, Duration bound, Duration between, Callable<Boolean> condition) {
        until(what, bound, between, condition, Optional::empty);
    }

    /**
     * As {@link #until(String, Duration, Callable)}, but gives up as soon as {@code hopeless} says
     * why waiting longer is of no use.
     */
    public static void until(
            String what,
            Duration bound,
            Callable<Boolean> condition,
            Supplier<Optional<String>> hopeless) {
        until(what, bound, PAUSE, condition, hopeless);
    }

    private static void until(
            String what,
            Duration bound,
            Duration between,
            Callable<Boolean> condition,
            Supplier<Optional<String>> hopeless) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (true) {
            Exception last = null;
            try {
                if (condition.call()) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ServerException("interrupted while waiting for " + what, e);
            } catch (Exception e) {
                last = e;
            }
            Optional<String> reason = hopeless.get();
            if (reason.isPresent()) {
                throw new ServerException("waited for " + what + ": " + reason.get(), last);
            }
            if (System.nanoTime() >= deadline) {
                throw new ServerException(
                        "waited " + bound.toSeconds() + " s for " + what + ", in vain", last);
            }
            pause(between);
        }
    }

    /** Does nothing for a while: for what is repeated, not for what is waited for. */
    public static void pause(Duration length) {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while waiting", e);
        }
    }
}

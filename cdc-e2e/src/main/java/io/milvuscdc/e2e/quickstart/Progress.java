// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.quickstart;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells people what goes on and for how long already. Used by one thread. */
final class Progress {

    private static final long SAY_EVERY_SECONDS = 5;

    private final PrintStream out;
    private final long start = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    /** Runs a step that may take long: says that it began, that it still runs, that it's done. */
    <T> T during(String what, Callable<T> step) throws Exception {
        say(what + " ...");
        long begin = System.nanoTime();
        try (Heartbeat ignored = new Heartbeat(() -> say(what + " ... " + seconds(begin) + " s"))) {
            return step.call();
        }
    }

    void say(String text) {
        out.printf("[%3d s] %s%n", seconds(start), text);
    }

    private static long seconds(long since) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
    }

    /** Repeats an action until closed. */
    private static final class Heartbeat implements AutoCloseable {

        private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

        Heartbeat(Runnable action) {
            var unused =
                    timer.scheduleAtFixedRate(
                            action, SAY_EVERY_SECONDS, SAY_EVERY_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.measure;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What arrives out of a job in this JVM, of one measurement at a time. */
final class Arrivals {

    private static final int BOUND_MINUTES = 5;
    private static final double NANOS_OF_A_MILLI = 1e6;
    private static final double NANOS_OF_A_SECOND = 1e9;

    // a job's functions are serialized, so that they and the meter can only meet in a static
    private static volatile Arrivals now;

    private final long[] delays;
    private final CountDownLatch end = new CountDownLatch(1);
    private int arrived;
    private long first;
    private long last;

    private Arrivals(int count) {
        delays = new long[count];
    }

    /** Begins a measurement. */
    static void expect(int count) {
        now = new Arrivals(count);
    }

    /** Called by the task's thread, whose message's timestamp is when it was written. */
    static long arrived(ChannelMessage message) {
        now.take(message.timestamp());
        return message.timestamp();
    }

    private void take(long written) {
        long at = System.nanoTime();
        if (arrived == delays.length) {
            return;
        }
        if (arrived == 0) {
            first = at;
        }
        delays[arrived++] = at - written;
        if (arrived == delays.length) {
            last = at;
            end.countDown();
        }
    }

    static void await() throws InterruptedException, TimeoutException {
        if (!now.end.await(BOUND_MINUTES, TimeUnit.MINUTES)) {
            throw new TimeoutException(
                    now.arrived + " of " + now.delays.length + " messages arrived");
        }
    }

    static double perSecond() {
        return (now.arrived - 1) * NANOS_OF_A_SECOND / (now.last - now.first);
    }

    static String delays() {
        long[] sorted = now.delays.clone();
        Arrays.sort(sorted);
        return "median %.1f ms, 99 %% within %.1f ms, at most %.1f ms"
                .formatted(
                        sorted[sorted.length / 2] / NANOS_OF_A_MILLI,
                        sorted[sorted.length * 99 / 100] / NANOS_OF_A_MILLI,
                        sorted[sorted.length - 1] / NANOS_OF_A_MILLI);
    }
}

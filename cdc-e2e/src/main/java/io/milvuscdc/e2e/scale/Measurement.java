// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import java.util.Comparator;
import java.util.Map;

/**
 * What one job did in a stretch of time.
 *
 * @param rows that arrived at the target meanwhile
 * @param arrived as what they arrived
 * @param used processor time, {@link CpuTimes#at} being the length of the stretch
 * @param liveHeap bytes that a collection at its end left
 * @param cores of the machine
 */
record Measurement(
        long delayMillis,
        int pchannels,
        int parallelism,
        long rows,
        TargetCounts arrived,
        CpuTimes used,
        long liveHeap,
        int cores) {

    private static final double NANOS_OF_A_SECOND = 1e9;
    private static final double MB = 1e6;

    /** From here on the one or other wait is what scheduling leaves. */
    private static final double FULL = 0.9;

    double seconds() {
        return used.at() / NANOS_OF_A_SECOND;
    }

    double rowsPerSecond() {
        return rows / seconds();
    }

    double megabytesPerSecond() {
        return arrived.insertBytes() / MB / seconds();
    }

    /** Processor seconds of the job's process for 100 MB of inserts. */
    double jobSecondsPer100Megabytes() {
        return used.job() / NANOS_OF_A_SECOND / (arrived.insertBytes() / MB / 100);
    }

    /** Cores that a processor time kept busy on average. */
    double cores(long nanos) {
        return (double) nanos / used.at();
    }

    /** Share of the machine that was busy, with whatever else ran on it. */
    double machine() {
        return cores(used.machineBusy()) / cores;
    }

    /** Share of the time in which the job's JVM stood still to collect garbage. */
    double collecting() {
        return cores(used.collecting());
    }

    /** The Java thread with the most processor time, and its time. */
    Map.Entry<String, Long> busiest() {
        Map.Entry<String, Long> thread =
                used.threads().entrySet().stream()
                        .max(Comparator.comparingLong(Map.Entry::getValue))
                        .orElseThrow();
        return Map.entry(
                thread.getKey().substring(thread.getKey().indexOf(' ') + 1), thread.getValue());
    }

    /** Megabytes that one {@code ReplicateMessage} brought on average, ticks included. */
    double megabytesPerRequest() {
        return arrived.insertBytes() / MB / Math.max(1, arrived.requests());
    }

    /** What kept it from being faster. */
    String boundBy() {
        if (machine() >= FULL) {
            return "processors of the machine";
        }
        if (cores(busiest().getValue()) >= FULL) {
            return "one thread, " + busiest().getKey();
        }
        return "waiting for answers";
    }
}

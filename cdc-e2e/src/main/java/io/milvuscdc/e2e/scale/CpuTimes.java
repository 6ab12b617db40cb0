// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import com.sun.management.OperatingSystemMXBean;
import io.milvuscdc.e2e.servers.MachineStatus;
import io.milvuscdc.e2e.servers.ProcessStatus;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much processor time everything had used at a moment. All in nanoseconds.
 *
 * @param at {@link System#nanoTime()}
 * @param job of this JVM, in which the job runs, its compiler and collector included
 * @param broker of the source's broker
 * @param target of the simulated target
 * @param collecting wall time of this JVM's garbage collections
 * @param machineBusy of all processes of the machine, over all cores; Linux' own count
 * @param threads by number and name, of this JVM's Java threads
 */
record CpuTimes(
        long at,
        long job,
        long broker,
        long target,
        long collecting,
        long machineBusy,
        Map<String, Long> threads) {

    private static final Pattern SUBTASK = Pattern.compile("\\((\\d+/\\d+)\\)");

    static CpuTimes now(long brokerPid, long targetPid) {
        return new CpuTimes(
                System.nanoTime(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getProcessCpuTime(),
                new ProcessStatus(brokerPid).processorTime().toNanos(),
                new ProcessStatus(targetPid).processorTime().toNanos(),
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .map(millis -> Duration.ofMillis(millis).toNanos())
                        .sum(),
                MachineStatus.processorTime().toNanos(),
                ofThreads());
    }

    CpuTimes since(CpuTimes before) {
        Map<String, Long> used = new HashMap<>();
        threads.forEach(
                (name, time) -> used.put(name, time - before.threads.getOrDefault(name, 0L)));
        return new CpuTimes(
                at - before.at,
                job - before.job,
                broker - before.broker,
                target - before.target,
                collecting - before.collecting,
                machineBusy - before.machineBusy,
                used);
    }

    private static Map<String, Long> ofThreads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> times = new HashMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                long time = threads.getThreadCpuTime(thread.getThreadId());
                times.put(
                        thread.getThreadId() + " " + called(thread.getThreadName()),
                        Math.max(0, time));
            }
        }
        return times;
    }

    /** What a thread is for; its name when that isn't known. */
    static String called(String thread) {
        Matcher subtask = SUBTASK.matcher(thread);
        String which = subtask.find() ? " " + subtask.group(1) : "";
        if (thread.startsWith("Source Data Fetcher")) {
            return "fetcher" + which;
        }
        if (thread.startsWith("Source: ")) {
            return "reader and writer" + which;
        }
        if (thread.startsWith("grpc-")) {
            return "gRPC " + thread.substring(thread.lastIndexOf('-') + 1);
        }
        return thread;
    }
}

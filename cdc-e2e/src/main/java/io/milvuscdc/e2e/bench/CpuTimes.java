// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.servers.ProcessStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * CPU time that has been used until a moment.
 *
 * @param nanos the moment, as {@link System#nanoTime()} tells it
 * @param seconds by process, in user and kernel mode
 * @param machineTicks of all CPUs, idle ones included
 * @param idleTicks of all CPUs
 */
record CpuTimes(long nanos, Map<String, Double> seconds, long machineTicks, long idleTicks) {

    private static final int IDLE = 4;
    private static final int IOWAIT = 5;
    private static final int GUEST = 9;

    static CpuTimes now(Map<String, Long> pids) throws IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (Map.Entry<String, Long> process : pids.entrySet()) {
            seconds.put(process.getKey(), new ProcessStatus(process.getValue()).cpuSeconds());
        }
        // "cpu  user nice system idle iowait irq softirq steal guest guest_nice", see proc(5)
        String[] all = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +", -1);
        long machine = 0;
        for (int column = 1; column < Math.min(all.length, GUEST); column++) {
            machine += Long.parseLong(all[column]);
        }
        return new CpuTimes(
                System.nanoTime(),
                seconds,
                machine,
                Long.parseLong(all[IDLE]) + Long.parseLong(all[IOWAIT]));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.servers.MachineStatus;
import io.milvuscdc.e2e.servers.ProcessStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Processor time that had been used at a moment.
 *
 * @param nanos the moment, as {@link System#nanoTime()} tells it
 * @param processes by name
 * @param machine of all processes of the machine
 */
record CpuSample(long nanos, Map<String, Duration> processes, Duration machine) {

    static CpuSample now(Map<String, Long> pids) {
        Map<String, Duration> processes = new LinkedHashMap<>();
        pids.forEach((name, pid) -> processes.put(name, new ProcessStatus(pid).processorTime()));
        return new CpuSample(System.nanoTime(), processes, MachineStatus.processorTime());
    }
}

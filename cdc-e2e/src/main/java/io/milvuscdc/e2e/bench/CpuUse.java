// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * CPU time between two moments.
 *
 * @param wallSeconds between the two
 * @param seconds by process
 * @param busyShare of all CPUs of the machine, from 0 to 1
 */
record CpuUse(double wallSeconds, Map<String, Double> seconds, double busyShare) {

    private static final double NANOS_OF_A_SECOND = 1e9;
    private static final double FULL = 0.9;
    private static final double WORTH_MENTIONING = 0.05;

    /**
     * From one sample to a later one.
     *
     * @param cores of the machine
     */
    static CpuUse between(CpuSample from, CpuSample to, int cores) {
        double wall = (to.nanos() - from.nanos()) / NANOS_OF_A_SECOND;
        Map<String, Double> seconds = new LinkedHashMap<>();
        to.processes()
                .forEach(
                        (name, used) ->
                                seconds.put(name, seconds(used, from.processes().get(name))));
        return new CpuUse(wall, seconds, seconds(to.machine(), from.machine()) / wall / cores);
    }

    private static double seconds(Duration later, Duration earlier) {
        return later.minus(earlier).toNanos() / NANOS_OF_A_SECOND;
    }

    /** Says that it was the CPUs, if it was, or else the reason that is given. */
    String bound(String otherwise) {
        return "%s; CPUs %.0f %% busy (%s)"
                .formatted(
                        busyShare >= FULL ? "the CPUs" : otherwise, busyShare * 100, byProcess());
    }

    /** How many CPUs the processes kept busy together. */
    double cores() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum() / wallSeconds;
    }

    private String byProcess() {
        return seconds.entrySet().stream()
                .filter(process -> process.getValue() / wallSeconds >= WORTH_MENTIONING)
                .map(
                        process ->
                                String.format(
                                        Locale.ROOT,
                                        "%s %.2f",
                                        process.getKey(),
                                        process.getValue() / wallSeconds))
                .collect(Collectors.joining(", "));
    }
}

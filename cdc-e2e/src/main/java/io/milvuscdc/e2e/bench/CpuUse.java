// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

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

    private static final double FULL = 0.9;
    private static final double WORTH_MENTIONING = 0.05;

    static CpuUse between(CpuTimes from, CpuTimes to) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        to.seconds().forEach((name, used) -> seconds.put(name, used - from.seconds().get(name)));
        long all = to.machineTicks() - from.machineTicks();
        return new CpuUse(
                (to.nanos() - from.nanos()) / 1e9,
                seconds,
                all == 0 ? 0 : 1 - (to.idleTicks() - from.idleTicks()) / (double) all);
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

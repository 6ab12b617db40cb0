// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import java.util.List;

/**
 * A measured figure.
 *
 * @param part which part of the benchmark
 * @param of what was measured, such as a shape
 * @param values of every round, in the order of the rounds
 * @param boundBy what kept it from being better
 */
record Figure(
        String part, String of, String what, String unit, List<Double> values, String boundBy) {

    double median() {
        return median(values);
    }

    /** The middle one, of an even number the upper of the two. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    double lowest() {
        return values.stream().min(Double::compare).orElseThrow();
    }

    double highest() {
        return values.stream().max(Double::compare).orElseThrow();
    }
}

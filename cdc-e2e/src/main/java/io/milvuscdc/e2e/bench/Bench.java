// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import java.util.List;

/** Runs the parts of the benchmark, one after the other: {@code deploy/bench.sh} starts it. */
public final class Bench {

    private Bench() {}

    /**
     * Measures, prints every figure as soon as it's there, and writes all of them to files, also
     * when a part fails.
     *
     * @param args see {@code deploy/bench.sh --help}
     */
    public static void main(String[] args) throws Exception {
        BenchOptions options = BenchOptions.parse(List.of(args));
        Report report = new Report("deploy/bench.sh " + String.join(" ", args));
        try {
            for (Part part : options.parts()) {
                part.measure(options, report);
            }
        } finally {
            report.write(options.table(), options.json());
            System.out.printf(
                    "%n%s%nTable: %s, JSON: %s%n", report.table(), options.table(), options.json());
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.servers.FlinkApi;
import java.util.ArrayList;
import java.util.List;

/** What checkpoints took, round by round. */
final class CheckpointFigures {

    private final List<Double> median = new ArrayList<>();
    private final List<Double> slowest = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();

    void add(FlinkApi.Checkpoints round) {
        median.add(round.medianMillis());
        slowest.add(round.slowestMillis());
        bytes.add(round.largestBytes());
    }

    void report(String part, String of, Report report) {
        String bound = "the requests under way, then the disk";
        report.add(new Figure(part, of, "checkpoint p50", "ms", median, bound));
        report.add(new Figure(part, of, "slowest checkpoint", "ms", slowest, bound));
        report.add(new Figure(part, of, "largest checkpoint", "bytes", bytes, "its state"));
    }
}

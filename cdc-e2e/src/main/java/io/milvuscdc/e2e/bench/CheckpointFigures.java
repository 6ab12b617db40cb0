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

    /** A round that is over before its first checkpoint has nothing to tell. */
    void add(FlinkApi.Checkpoints round) {
        if (round.largestBytes() == 0) {
            return;
        }
        median.add(round.medianMillis());
        slowest.add(round.slowestMillis());
        bytes.add(round.largestBytes());
    }

    void report(String part, String of, Report report) {
        if (median.isEmpty()) {
            return;
        }
        String bound = "the requests under way, then the disk";
        report.add(new Figure(part, of, "checkpoint p50", "ms", median, bound));
        report.add(new Figure(part, of, "slowest checkpoint", "ms", slowest, bound));
        report.add(new Figure(part, of, "largest checkpoint", "bytes", bytes, "its state"));
    }
}

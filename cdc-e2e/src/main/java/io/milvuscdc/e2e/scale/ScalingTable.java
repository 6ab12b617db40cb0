// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import java.util.List;
import java.util.Locale;

/** Measurements as a table for people, in Markdown. */
final class ScalingTable {

    private static final double MB = 1e6;

    private ScalingTable() {}

    static String of(List<Measurement> measurements) {
        StringBuilder table = new StringBuilder(head());
        measurements.forEach(measurement -> table.append(line(measurement)));
        return table.toString();
    }

    static String head() {
        return "| delay | pchannels | parallelism | measured | rows/s | MB/s | MB per request | CPU s per 100 MB |"
                + " cores: job | broker | target | machine | collecting | busiest thread | live heap | bound by |\n"
                + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    }

    static String line(Measurement m) {
        return String.format(
                Locale.ROOT,
                "| %d ms | %d | %d | %.1f s | %.0f | %.1f | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f %% | %.0f %% | %s %.0f %% | %.0f MB | %s |%n",
                m.delayMillis(),
                m.pchannels(),
                m.parallelism(),
                m.seconds(),
                m.rowsPerSecond(),
                m.megabytesPerSecond(),
                m.megabytesPerRequest(),
                m.jobSecondsPer100Megabytes(),
                m.cores(m.used().job()),
                m.cores(m.used().broker()),
                m.cores(m.used().target()),
                100 * m.machine(),
                100 * m.collecting(),
                m.busiest().getKey(),
                100 * m.cores(m.busiest().getValue()),
                m.liveHeap() / MB,
                m.boundBy());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.preflight;

import io.milvuscdc.control.api.Finding;
import java.util.OptionalLong;

/** Compares the clocks of source and target, each against that of this machine. */
final class Clocks {

    private static final String CLOCK = "clock";
    private static final long MUCH_MILLIS = 5_000;

    private OptionalLong source = OptionalLong.empty();
    private OptionalLong target = OptionalLong.empty();

    /** The source's clock, as it was between two moments of this machine's. */
    void ofSource(long clock, long before, long after) {
        source = ahead(clock, before, after);
    }

    /** The target's clock, as it was between two moments of this machine's. */
    void ofTarget(long clock, long before, long after) {
        target = ahead(clock, before, after);
    }

    private static OptionalLong ahead(long clock, long before, long after) {
        return OptionalLong.of(clock - (before + after) / 2);
    }

    Finding compare() {
        if (source.isEmpty() || target.isEmpty()) {
            return Finding.advice(
                    CLOCK,
                    "the clock of "
                            + (source.isEmpty() ? "the source" : "the target")
                            + " isn't known",
                    "look at the other checks first");
        }
        long ahead = source.getAsLong() - target.getAsLong();
        String detail =
                "the source's clock is %.1f s %s the target's"
                        .formatted(Math.abs(ahead) / 1000.0, ahead < 0 ? "behind" : "ahead of");
        return Math.abs(ahead) > MUCH_MILLIS
                ? Finding.advice(
                        CLOCK,
                        detail,
                        "synchronize both (NTP): queries at the target ask for what is as new as"
                                + " its own clock, and its rows carry the source's")
                : Finding.well(CLOCK, detail);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import java.util.Locale;

/** A part of the benchmark, by the name that the command line uses. */
enum Part {
    /** Ceiling and catch-up of the usual shape, with the CPU time that it costs. */
    CATCHUP,
    /** What ticks cost the target in a catch-up. */
    TICKS,
    /** How long rows take to be visible at 1,000 rows a second, and the memory that takes. */
    LAG,
    /** Ceiling, catch-up and lag under load for other shapes. */
    SHAPES,
    /** Many collections in which nothing happens. */
    IDLE,
    /** From a kill to the first new row that is visible. */
    KILL,
    /** Catching up after it was down. */
    OUTAGE;

    /** Measures it and reports the figures. */
    void measure(BenchOptions options, Report report) throws Exception {
        switch (this) {
            case CATCHUP -> CatchUp.measure(options, report);
            case TICKS -> TickCadence.measure(options, report);
            case LAG -> LiveLag.measure(options, report);
            case SHAPES -> Shapes.measure(options, report);
            case IDLE -> IdleCollections.measure(options, report);
            case KILL -> AfterKill.measure(options, report);
            case OUTAGE -> AfterOutage.measure(options, report);
        }
    }

    static Part named(String name) {
        for (Part part : values()) {
            if (part.toString().equals(name)) {
                return part;
            }
        }
        throw new IllegalArgumentException("no part of the benchmark is called '" + name + "'");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

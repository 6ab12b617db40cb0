// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells whether a server that has ended of itself may have: by the fault that struck last, if that
 * is one of the server or of what it needs, and lasted for long, or by a crash of Milvus' own. For
 * one thread.
 */
final class Blame {

    /** Sessions and leases outlive what is shorter. */
    static final Duration LONG = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private Fault last = Fault.NONE;
    private long begin;
    private Duration lasted = Duration.ZERO;
    private boolean over = true;

    /**
     * Of no fault yet.
     *
     * @param nanos a clock
     */
    Blame(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A fault strikes. */
    void begins(Fault fault) {
        last = fault;
        begin = nanos.getAsLong();
        over = false;
    }

    /** It's over, if it wasn't yet. */
    void ends() {
        if (!over) {
            lasted = Duration.ofNanos(nanos.getAsLong() - begin);
            over = true;
        }
    }

    /** Name of the fault that struck last; empty for none. */
    String after() {
        return last.name();
    }

    /** That a server has ended since. */
    Accident of(Server server, String words) {
        boolean explained =
                (last.upsets().contains(server) && lasted.compareTo(LONG) >= 0)
                        || Accident.isCrash(server, words);
        return new Accident(server, words, last.name(), explained);
    }
}

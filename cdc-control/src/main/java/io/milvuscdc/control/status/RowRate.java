// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** Makes rows per second of a count that is renewed now and then. Used by one thread at a time. */
final class RowRate {

    /** Flink renews its numbers every 10 s, so that a shorter time would show none, then double. */
    private static final long RATE_MILLIS = 30_000;

    private static final double MILLIS = 1000.0;

    private final Deque<Total> totals = new ArrayDeque<>();

    private record Total(long atMillis, double rows) {}

    /** Takes note of a count of rows; one that's smaller than before begins anew. */
    void rows(long atMillis, double total) {
        if (!totals.isEmpty()) {
            Total last = totals.getLast();
            if (atMillis <= last.atMillis) {
                return;
            }
            if (total < last.rows) {
                totals.clear();
            }
        }
        totals.addLast(new Total(atMillis, total));
        while (totals.size() > 2 && atMillis - second().atMillis >= RATE_MILLIS) {
            totals.removeFirst();
        }
    }

    private Total second() {
        var all = totals.iterator();
        all.next();
        return all.next();
    }

    /** Rows per second over the last half minute; empty when that's not known. */
    OptionalDouble perSecond() {
        if (totals.size() < 2) {
            return OptionalDouble.empty();
        }
        Total first = totals.getFirst();
        Total last = totals.getLast();
        return OptionalDouble.of(
                (last.rows - first.rows) * MILLIS / (last.atMillis - first.atMillis));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;

/** How one task did over the last minutes. Bounded. Used by one thread at a time. */
final class TaskHistory {

    /** 10 minutes at one point every 5 s. */
    static final int POINTS = 120;

    /** Flink renews its numbers every 10 s, so that a shorter time would show none, then double. */
    private static final long RATE_MILLIS = 30_000;

    private static final double MILLIS = 1000.0;

    private final Deque<Point> points = new ArrayDeque<>();
    private final Deque<Total> totals = new ArrayDeque<>();

    /**
     * How the task did at one moment.
     *
     * @param atMillis milliseconds since 1970
     * @param lagSeconds null when nothing is known
     * @param rowsPerSecond null when nothing is known
     */
    record Point(long atMillis, Double lagSeconds, Double rowsPerSecond) {}

    /** Rows that the job had sent. */
    private record Total(long atMillis, double rows) {}

    /** Takes note of the job's count of rows sent; one that's smaller than before begins anew. */
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

    /** Forgets the counts, as the task has no job that runs. */
    void noRows() {
        totals.clear();
    }

    /** Rows sent per second over the last half minute; empty when that's not known. */
    OptionalDouble rowsPerSecond() {
        if (totals.size() < 2) {
            return OptionalDouble.empty();
        }
        Total first = totals.getFirst();
        Total last = totals.getLast();
        return OptionalDouble.of(
                (last.rows - first.rows) * MILLIS / (last.atMillis - first.atMillis));
    }

    /** Adds a point; the oldest goes when there are too many. */
    void add(Point point) {
        points.addLast(point);
        if (points.size() > POINTS) {
            points.removeFirst();
        }
    }

    /** The points, oldest first. */
    List<Point> points() {
        return new ArrayList<>(points);
    }
}

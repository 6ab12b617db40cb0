// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import io.milvuscdc.control.metrics.CollectionNumbers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** How one task did over the last minutes. Bounded. Used by one thread at a time. */
final class TaskHistory {

    /** 10 minutes at one point every 5 s. */
    static final int POINTS = 120;

    private final Deque<Point> points = new ArrayDeque<>();
    private final Map<Long, RowRate> collections = new HashMap<>();
    private RowRate rows = new RowRate();

    /**
     * How the task did at one moment.
     *
     * @param atMillis milliseconds since 1970
     * @param lagSeconds null when nothing is known
     * @param rowsPerSecond null when nothing is known
     */
    record Point(long atMillis, Double lagSeconds, Double rowsPerSecond) {}

    /** Takes note of the job's count of rows sent; one that's smaller than before begins anew. */
    void rows(long atMillis, double total) {
        rows.rows(atMillis, total);
    }

    /** The same by collection; those that aren't among them are forgotten. */
    void collectionRows(long atMillis, Collection<CollectionNumbers> numbers) {
        Set<Long> there = new HashSet<>();
        for (CollectionNumbers of : numbers) {
            there.add(of.id());
            collections
                    .computeIfAbsent(of.id(), id -> new RowRate())
                    .rows(atMillis, (double) of.rowsSent());
        }
        collections.keySet().retainAll(there);
    }

    /** Forgets the counts, as the task has no job that runs. */
    void noRows() {
        rows = new RowRate();
        collections.clear();
    }

    /** Rows sent per second over the last half minute; empty when that's not known. */
    OptionalDouble rowsPerSecond() {
        return rows.perSecond();
    }

    /** The same by collection, of those that it's known of. */
    Map<Long, Double> collectionRates() {
        Map<Long, Double> rates = new HashMap<>();
        collections.forEach(
                (id, rate) -> rate.perSecond().ifPresent(value -> rates.put(id, value)));
        return rates;
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

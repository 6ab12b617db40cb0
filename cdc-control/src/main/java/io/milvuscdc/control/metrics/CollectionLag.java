// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How far the copy of one collection is behind. A task has one committed tick for all of its
 * collections, so a collection is as far behind as its task, unless it is known to have no row that
 * isn't visible. That is known as long as the task itself is nearly up to date: what isn't read yet
 * can be any collection's.
 */
public final class CollectionLag {

    /** Numbers from Flink may be this old, and so may be what they don't tell of yet. */
    public static final long FRESH_MILLIS = 15_000;

    private static final double MILLIS = 1000.0;

    private CollectionLag() {}

    /**
     * The lag in seconds; empty when nothing is known of the task's.
     *
     * @param askedMillis when Flink was asked for the collection's numbers
     * @param visibleMillis everything that the source wrote up to here is visible; 0 if that isn't
     *     known
     * @param taskLagFrom what the task's lag counts from
     */
    public static OptionalDouble seconds(
            CollectionNumbers collection,
            long askedMillis,
            long visibleMillis,
            OptionalLong taskLagFrom,
            long nowMillis) {
        if (taskLagFrom.isEmpty()) {
            return OptionalDouble.empty();
        }
        long from = taskLagFrom.getAsLong();
        if (collection.waits()) {
            return since(Math.min(from, collection.waitingFromMillis()), nowMillis);
        }
        boolean fresh = nowMillis - from <= FRESH_MILLIS && nowMillis - askedMillis <= FRESH_MILLIS;
        if (fresh && collection.lastRowMillis() < visibleMillis) {
            return OptionalDouble.of(0);
        }
        return since(from, nowMillis);
    }

    private static OptionalDouble since(long fromMillis, long nowMillis) {
        return OptionalDouble.of(Math.max(0, nowMillis - fromMillis) / MILLIS);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

/**
 * Milvus' hybrid timestamps: milliseconds since 1970 in the upper 46 bits, a counter in the lower
 * 18. Source and target allocate them independently, so two clusters' timestamps compare only as
 * well as their clocks do.
 */
public final class Tso {

    private static final int LOGICAL_BITS = 18;
    private static final long LOGICAL_MASK = (1L << LOGICAL_BITS) - 1;

    private Tso() {}

    /**
     * The timestamp of a moment.
     *
     * @param physicalMillis milliseconds since 1970
     * @param logical the counter within that millisecond, 0 to 262143
     */
    public static long of(long physicalMillis, long logical) {
        if (physicalMillis < 0 || physicalMillis > Long.MAX_VALUE >> LOGICAL_BITS) {
            throw new IllegalArgumentException(
                    "no tso can express " + physicalMillis + " ms since 1970");
        }
        if (logical < 0 || logical > LOGICAL_MASK) {
            throw new IllegalArgumentException(
                    "the logical part of a tso is 0 to " + LOGICAL_MASK + ", not " + logical);
        }
        return physicalMillis << LOGICAL_BITS | logical;
    }

    /** The milliseconds since 1970 of a timestamp. */
    public static long physicalMillis(long tso) {
        return tso >>> LOGICAL_BITS;
    }

    /** The counter of a timestamp within its millisecond. */
    public static long logical(long tso) {
        return tso & LOGICAL_MASK;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

/**
 * What the writers of a job say of a source collection. Counts are those since the job's start,
 * times the source's, milliseconds since 1970.
 *
 * @param id 0 for all those together that are too many to be shown
 * @param database the source's, empty when it isn't known
 * @param lastRowMillis of the last row that was read, 0 if none was
 * @param waitingFromMillis of the row (or drop) that has waited longest for its place at the
 *     target; 0 when nothing waits
 * @param waitingReason what it waits for
 */
public record CollectionNumbers(
        long id,
        String database,
        String name,
        long insertsRead,
        long insertsSent,
        long deletesRead,
        long deletesSent,
        long bytesSent,
        long lastRowMillis,
        long waitingFromMillis,
        String waitingReason) {

    /** Rows inserted and deleted. */
    public long rowsSent() {
        return insertsSent + deletesSent;
    }

    public boolean waits() {
        return waitingFromMillis > 0;
    }
}

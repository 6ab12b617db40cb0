// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import io.milvuscdc.control.metrics.CollectionLag;
import io.milvuscdc.control.metrics.CollectionNumbers;
import io.milvuscdc.control.metrics.JobNumbers;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** The collections of a task as the status page shows them: not more than it can bear. */
final class CollectionReport {

    /** The rest has had no rows for longer than these {@value}. */
    static final int MOST = 200;

    private static final double TENTHS = 10;
    private static final double THOUSANDTHS = 1000;

    private static final Comparator<CollectionNumbers> WAITING_FIRST =
            Comparator.comparing(CollectionNumbers::waits).reversed();

    /** Which are shown. */
    private static final Comparator<CollectionNumbers> NEWEST_FIRST =
            WAITING_FIRST.thenComparing(
                    Comparator.comparingLong(CollectionNumbers::lastRowMillis).reversed());

    /** And in which order: one that stays as it is while rows come. */
    private static final Comparator<CollectionNumbers> BY_NAME =
            WAITING_FIRST
                    .thenComparing(CollectionNumbers::database)
                    .thenComparing(CollectionNumbers::name)
                    .thenComparing(CollectionNumbers::id);

    private CollectionReport() {}

    /** The ones that wait, then by name; those with the newest rows when there are too many. */
    static List<StatusView.CollectionStatus> of(
            JobNumbers job, TaskWatch.Seen seen, long nowMillis) {
        return job.collections().values().stream()
                .sorted(NEWEST_FIRST)
                .limit(MOST)
                .sorted(BY_NAME)
                .map(collection -> status(collection, job, seen, nowMillis))
                .toList();
    }

    private static StatusView.CollectionStatus status(
            CollectionNumbers of, JobNumbers job, TaskWatch.Seen seen, long nowMillis) {
        long visible = seen.unreadable().isEmpty() ? seen.committed().upToMillis() : 0;
        OptionalDouble lag =
                CollectionLag.seconds(of, job.atMillis(), visible, seen.lagFrom(), nowMillis);
        Double rate = seen.collectionRates().get(of.id());
        return new StatusView.CollectionStatus(
                of.id(),
                of.database(),
                of.name(),
                of.insertsRead(),
                of.insertsSent(),
                of.deletesRead(),
                of.deletesSent(),
                of.bytesSent(),
                rate == null ? null : Math.round(rate * TENTHS) / TENTHS,
                of.lastRowMillis() == 0 ? null : of.lastRowMillis(),
                lag.isPresent() ? Math.round(lag.getAsDouble() * THOUSANDTHS) / THOUSANDTHS : null,
                of.waits() ? of.waitingFromMillis() : null,
                of.waits() ? of.waitingReason() : "");
    }
}

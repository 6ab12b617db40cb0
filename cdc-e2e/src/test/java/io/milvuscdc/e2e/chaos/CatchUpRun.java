// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.chaos;

import io.milvuscdc.e2e.queue.QueuedMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;

/**
 * What one run of the control plane sent, from a JVM that had just started.
 *
 * @param millis from the first row to the last
 */
record CatchUpRun(long rows, long millis) {

    /** The run that sent the most rows. */
    static CatchUpRun longest(List<Long> starts, Collection<List<QueuedMessage>> target) {
        List<CatchUpRun> runs = new ArrayList<>();
        for (int run = 0; run < starts.size(); run++) {
            long start = starts.get(run);
            long end = run + 1 < starts.size() ? starts.get(run + 1) : Long.MAX_VALUE;
            List<QueuedMessage> sent =
                    target.stream()
                            .flatMap(List::stream)
                            .filter(QueuedMessage::hasRows)
                            .filter(m -> m.appendMillis() >= start && m.appendMillis() < end)
                            .toList();
            LongSummaryStatistics times =
                    sent.stream().mapToLong(QueuedMessage::appendMillis).summaryStatistics();
            if (times.getCount() > 0) {
                long rows = sent.stream().mapToLong(QueuedMessage::rows).sum();
                runs.add(new CatchUpRun(rows, times.getMax() - times.getMin()));
            }
        }
        return runs.stream().max(Comparator.comparingLong(CatchUpRun::rows)).orElseThrow();
    }

    @Override
    public String toString() {
        return "longest catch-up in one run: %d rows in %d ms, %d rows/s"
                .formatted(rows, millis, rows * 1000 / Math.max(1, millis));
    }
}

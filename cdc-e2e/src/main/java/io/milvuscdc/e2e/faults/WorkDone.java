// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What a workload has come to. A run that wrote nothing proves nothing.
 *
 * @param batches that Milvus took, by collection that stays
 * @param rows of them: written, and keys deleted
 * @param refused batches that failed, whatever became of them
 * @param changes of everything else that Milvus made
 * @param refusedChanges that failed, whatever became of them
 */
record WorkDone(
        SortedMap<String, Long> batches,
        long rows,
        long refused,
        long changes,
        long refusedChanges) {

    /** Of what may be refused on a good day, one in so many. */
    private static final int ONE_IN = 5;

    /**
     * What is too little of it, in words.
     *
     * @param trouble how long something was wrong: a writer that's refused waits for {@link
     *     MixedWorkload#BACKOFF} then, so that this explains so many of each
     */
    List<String> findings(Duration trouble) {
        List<String> all = new ArrayList<>();
        batches.forEach(
                (collection, taken) -> {
                    if (taken == 0) {
                        all.add("nothing was written to " + collection);
                    }
                });
        if (changes == 0) {
            all.add("no change was made");
        }
        long explained = trouble.dividedBy(MixedWorkload.BACKOFF);
        long taken = batches.values().stream().mapToLong(Long::longValue).sum();
        share("batches", refused, taken, explained * MixedWorkload.ROW_WRITERS, all);
        share("changes", refusedChanges, changes, explained, all);
        return all;
    }

    private static void share(
            String what, long failed, long done, long explained, List<String> all) {
        if (failed > explained + done / ONE_IN) {
            all.add("%d %s failed and %d were made".formatted(failed, what, done));
        }
    }

    @Override
    public String toString() {
        return "%d rows written, %d batches failed; %d other changes, %d failed"
                .formatted(rows, refused, changes, refusedChanges);
    }
}

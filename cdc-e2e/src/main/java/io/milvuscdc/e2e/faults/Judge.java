// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparer.Copies;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.queue.StandingCollections;
import io.milvuscdc.e2e.servers.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges what source and target hold, once all of it has arrived; nobody may write any more. */
final class Judge {

    private static final Duration EQUAL_BOUND = Await.PATIENCE;

    private final FaultedReplication replication;
    private final MixedWorkload workload;
    private final Arrival arrival;

    Judge(FaultedReplication replication, MixedWorkload workload) {
        this.replication = replication;
        this.workload = workload;
        this.arrival = new Arrival(replication);
    }

    /**
     * By content, and then by the queues, which have it all by then.
     *
     * @param trouble how long something was wrong while it was written
     */
    Judgement judge(Duration trouble) {
        replication.revive();
        if (replication.milvusRestarts().isEmpty()) {
            LoadedSource.loadAll(replication.pair().source().uri());
            workload.allIsLoaded();
        }
        arrival.untilAllIsVisible();
        ExactlyOnceVerdict queues =
                StandingCollections.checkAll(replication.pair(), SteadyRows.kept());
        List<String> hidden = new ArrayList<>();
        Optional<ContentComparison> content =
                replication.milvusRestarts().isEmpty()
                        ? Optional.of(compare(queues, hidden))
                        : Optional.empty();
        return new Judgement(
                queues,
                content,
                hidden,
                replication.milvusRestarts(),
                replication.accidents(),
                tooLittle(queues, trouble));
    }

    /**
     * Compares, and once more after all has been loaded again if the target doesn't show what its
     * queue holds.
     *
     * @param hidden gets what differed before
     */
    private ContentComparison compare(ExactlyOnceVerdict queues, List<String> hidden) {
        ContentComparison first = compare();
        if (first.isEqual() || !queues.findings().isEmpty()) {
            return first;
        }
        hidden.addAll(first.differences());
        LoadedSource.loadAgain(replication.pair().source().uri());
        arrival.untilAllIsVisible();
        return compare();
    }

    private List<String> tooLittle(ExactlyOnceVerdict queues, Duration trouble) {
        WorkDone work = workload.done();
        List<String> all = new ArrayList<>(work.findings(trouble));
        if (queues.rows() < work.rows()) {
            all.add(
                    "the source took %d rows, and its queue has %d: not all of it was read"
                            .formatted(work.rows(), queues.rows()));
        }
        return all;
    }

    private ContentComparison compare() {
        String source = replication.pair().source().uri();
        String target = replication.pair().target().uri();
        // Pulsar is killed, too
        Copies copies = replication.setting().hasPulsar() ? Copies.AT_SOURCE : Copies.NONE;
        try (MilvusReader atSource = MilvusReader.ofSource(source);
                MilvusReader atTarget = MilvusReader.ofTarget(target)) {
            return ContentComparer.awaitEqual(atSource, atTarget, copies, EQUAL_BOUND);
        }
    }
}

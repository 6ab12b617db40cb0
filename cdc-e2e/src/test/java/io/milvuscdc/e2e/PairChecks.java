// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.queue.ExactlyOnceChecker;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.servers.MilvusPair;
import java.time.Duration;

/** What every replication of a pair has to come to. */
public final class PairChecks {

    private PairChecks() {}

    /** Waits until both are equal by content, rows included. */
    public static void awaitEqual(MilvusPair pair, Duration bound) {
        try (MilvusReader source = MilvusReader.ofSource(pair.source().uri());
                MilvusReader target = MilvusReader.ofTarget(pair.target().uri())) {
            ContentComparison comparison = ContentComparer.awaitEqual(source, target, bound);
            assertThat(comparison.differences()).isEmpty();
            assertThat(comparison.notCompared()).isEmpty();
        }
    }

    /** What stands in the queues of both. */
    public static ExactlyOnceVerdict verdict(MilvusPair pair) {
        try (QueueReader source = QueueReader.of(pair.broker().queue());
                QueueReader target = QueueReader.of(pair.kafka().queue())) {
            return ExactlyOnceChecker.check(
                    source.readAll(pair.source().options().name()),
                    target.readAll(pair.target().options().name()));
        }
    }
}

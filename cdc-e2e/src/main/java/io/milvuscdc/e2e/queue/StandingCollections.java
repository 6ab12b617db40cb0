// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.compare.MilvusReader.CollectionName;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Finding;
import io.milvuscdc.e2e.servers.MilvusPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Checks the queues for the collections and partitions that are there. Those that were dropped
 * can't be checked: rows that are read after the drop are left out, as it should be.
 */
public final class StandingCollections {

    private StandingCollections() {}

    /**
     * Checks that the rows of these collections take effect exactly once, in the partitions that
     * they were written to, each of them with a message at least.
     *
     * @param kept what is there at both sides, and has lost no partition
     */
    public static ExactlyOnceVerdict check(MilvusPair pair, Set<CollectionName> kept) {
        return check(pair, kept, kept::contains);
    }

    /**
     * As above, and the same of every other collection that is there, but for what was in
     * partitions that are no more.
     */
    public static ExactlyOnceVerdict checkAll(MilvusPair pair, Set<CollectionName> kept) {
        return check(pair, kept, name -> true);
    }

    private static ExactlyOnceVerdict check(
            MilvusPair pair, Set<CollectionName> kept, Predicate<CollectionName> wanted) {
        QueueSide source =
                QueueSide.read(
                        MilvusReader.ofSource(pair.source().uri()),
                        pair.broker().queue(),
                        pair.source(),
                        kept,
                        wanted);
        QueueSide target =
                QueueSide.read(
                        MilvusReader.ofTarget(pair.target().uri()),
                        pair.kafka().queue(),
                        pair.target(),
                        kept,
                        wanted);
        List<Finding> more = new ArrayList<>(source.unwritten(kept));
        more.addAll(PartitionIds.check(source.messages(), source.partitions()));
        more.addAll(PartitionIds.check(target.messages(), target.partitions()));
        more.addAll(CollectionNames.compare(source, target));
        return ExactlyOnceChecker.check(source.messages(), target.messages()).and(more);
    }
}

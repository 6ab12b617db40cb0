// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.queue.ExactlyOnceChecker;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.queue.QueuedMessage;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.MilvusServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Checks the queues for some collections only. Those that were dropped can't be checked: rows that
 * are read after the drop are left out, as it should be.
 */
final class KeptCollections {

    private KeptCollections() {}

    static ExactlyOnceVerdict check(MilvusPair pair, List<String> names) {
        Set<Long> atSource = ids(MilvusReader.ofSource(pair.source().uri()), names);
        Set<Long> atTarget = ids(MilvusReader.ofTarget(pair.target().uri()), names);
        return ExactlyOnceChecker.check(
                of(pair.broker().queue(), pair.source(), atSource),
                of(pair.kafka().queue(), pair.target(), atTarget));
    }

    private static Set<Long> ids(MilvusReader milvus, List<String> names) {
        try (milvus) {
            return names.stream()
                    .map(name -> milvus.collectionId("default", name))
                    .collect(Collectors.toSet());
        }
    }

    private static Map<String, List<QueuedMessage>> of(
            MessageQueue queue, MilvusServer milvus, Set<Long> ids) {
        Map<String, List<QueuedMessage>> kept = new TreeMap<>();
        try (QueueReader reader = QueueReader.of(queue)) {
            reader.readAll(milvus.options().name())
                    .forEach(
                            (pchannel, messages) ->
                                    kept.put(
                                            pchannel,
                                            messages.stream().filter(m -> isOf(ids, m)).toList()));
        }
        return kept;
    }

    private static boolean isOf(Set<Long> ids, QueuedMessage message) {
        return !message.hasRows() || ids.contains(message.collectionId());
    }
}

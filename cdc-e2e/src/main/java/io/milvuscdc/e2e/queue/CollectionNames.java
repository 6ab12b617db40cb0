// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.e2e.compare.MilvusReader.CollectionName;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Fault;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares the collections that messages are for. Milvus goes by ids, which differ. */
final class CollectionNames {

    private CollectionNames() {}

    /**
     * A finding for each message of the target that is for another collection than its original.
     */
    static List<Finding> compare(QueueSide source, QueueSide target) {
        Map<Long, CollectionName> originals = new HashMap<>();
        source.withRows().forEach(m -> originals.put(m.msgId(), source.collectionOf(m)));
        List<Finding> findings = new ArrayList<>();
        target.withRows()
                .filter(copy -> originals.containsKey(copy.msgId()))
                .forEach(
                        copy -> {
                            CollectionName is = target.collectionOf(copy);
                            CollectionName was = originals.get(copy.msgId());
                            if (!was.equals(is)) {
                                findings.add(
                                        new Finding(
                                                Fault.WRONG_COLLECTION,
                                                "%s is in collection %s, not %s"
                                                        .formatted(copy.describe(), is, was)));
                            }
                        });
        return findings;
    }
}

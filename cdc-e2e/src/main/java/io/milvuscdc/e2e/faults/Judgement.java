// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether source and target are what they must be after faults: always by their queues, and by
 * content where that can be told.
 *
 * @param content empty after a Milvus 2.3.5 was started again, which may lose rows that stand in
 *     its queue ({@link Faults})
 * @param accidents which servers have ended of themselves, in words
 */
record Judgement(
        ExactlyOnceVerdict queues, Optional<ContentComparison> content, List<String> accidents) {

    Judgement {
        accidents = List.copyOf(accidents);
    }

    /** What is wrong, in words; empty when all is well. */
    List<String> findings() {
        List<String> all = new ArrayList<>();
        if (!queues.findings().isEmpty()) {
            all.add("queues: " + queues);
        }
        content.ifPresent(
                compared -> compared.differences().forEach(line -> all.add("content: " + line)));
        if (!all.isEmpty()) {
            accidents.forEach(accident -> all.add("meanwhile " + accident));
        }
        return all;
    }

    @Override
    public String toString() {
        String byContent =
                content.map(compared -> "by content " + compared)
                        .orElse("content isn't judged: a Milvus was started again");
        return "by queues %s; %s%s"
                .formatted(
                        queues,
                        byContent,
                        accidents.isEmpty() ? "" : "\n" + String.join("\n", accidents));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether source and target are what they must be after faults: always by their queues, and by
 * content where that can be told.
 *
 * @param content empty after a Milvus 2.3.5 was started again, which may lose rows that stand in
 *     its queue ({@link Faults})
 * @param hidden what differed until all was loaded again, though the target's queue held all rows
 *     exactly once: its readers had left them out ({@link Faults})
 * @param milvusRestarts the faults after which that was so
 * @param accidents servers that have ended of themselves
 * @param tooLittle what the workload hasn't come to, in words
 */
record Judgement(
        ExactlyOnceVerdict queues,
        Optional<ContentComparison> content,
        List<String> hidden,
        List<String> milvusRestarts,
        List<Accident> accidents,
        List<String> tooLittle) {

    Judgement {
        hidden = List.copyOf(hidden);
        milvusRestarts = List.copyOf(milvusRestarts);
        accidents = List.copyOf(accidents);
        tooLittle = List.copyOf(tooLittle);
    }

    /**
     * What is wrong, in words; empty when all is well. That content isn't judged is, unless a fault
     * is known to make a Milvus start again.
     */
    List<String> findings() {
        List<String> all = new ArrayList<>(tooLittle);
        if (!queues.findings().isEmpty()) {
            all.add("queues: " + queues);
        }
        content.ifPresentOrElse(
                compared -> {
                    compared.differences().forEach(line -> all.add("content: " + line));
                    compared.notCompared()
                            .forEach(line -> all.add("content: not compared: " + line));
                },
                () -> {
                    if (milvusRestarts.isEmpty()) {
                        all.add("content: not judged, though no Milvus was started again");
                    }
                });
        accidents.stream()
                .filter(accident -> !accident.explained())
                .forEach(accident -> all.add(accident + ", which doesn't explain it"));
        if (!all.isEmpty()) {
            accidents.stream()
                    .filter(Accident::explained)
                    .forEach(accident -> all.add("meanwhile " + accident));
        }
        return all;
    }

    @Override
    public String toString() {
        String byContent =
                content.map(compared -> "by content " + compared)
                        .orElseGet(
                                () ->
                                        milvusRestarts.stream()
                                                .distinct()
                                                .map("«%s»"::formatted)
                                                .collect(
                                                        Collectors.joining(
                                                                ", ",
                                                                "CONTENT NOT JUDGED: Milvus was started again after ",
                                                                "")));
        return "by queues %s; %s%s%s"
                .formatted(
                        queues,
                        byContent,
                        hidden.stream()
                                .map(line -> "\n  until it was loaded again: " + line)
                                .collect(Collectors.joining()),
                        accidents.stream().map(a -> "\n" + a).collect(Collectors.joining()));
    }
}

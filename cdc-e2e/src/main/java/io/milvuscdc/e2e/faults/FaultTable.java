// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The results of a run as a table for people, a line per fault. */
final class FaultTable {

    private static final int SAID = 220;

    private FaultTable() {}

    /** In Markdown; of a fault that struck several times, times are the longest. */
    static String of(List<FaultResult> results) {
        Map<String, List<FaultResult>> byFault =
                results.stream()
                        .collect(
                                Collectors.groupingBy(
                                        FaultResult::fault,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        StringBuilder table = new StringBuilder();
        table.append("| fault | times | lasted | task | visible again after | the log says |\n");
        table.append("|---|---|---|---|---|---|\n");
        byFault.forEach(
                (fault, all) ->
                        table.append(
                                "| %s | %d | %s | %s | %s | %s |\n"
                                        .formatted(
                                                fault,
                                                all.size(),
                                                seconds(longest(all, FaultResult::lasted)),
                                                states(all),
                                                seconds(longest(all, FaultResult::visibleAgain)),
                                                said(all))));
        return table.toString();
    }

    private static Duration longest(
            List<FaultResult> all, java.util.function.Function<FaultResult, Duration> time) {
        return all.stream().map(time).max(Comparator.naturalOrder()).orElseThrow();
    }

    private static String states(List<FaultResult> all) {
        return all.stream().map(FaultResult::state).distinct().collect(Collectors.joining(", "));
    }

    private static String said(List<FaultResult> all) {
        String text =
                all.stream()
                        .map(FaultResult::said)
                        .filter(said -> !said.isEmpty())
                        .findFirst()
                        .orElse("(nothing)");
        String line = text.replace("|", "\\|");
        return line.length() > SAID ? line.substring(0, SAID) + "..." : line;
    }

    private static String seconds(Duration time) {
        return "%.1f s".formatted(time.toMillis() / 1000.0);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is to be measured: every delay with every number of pchannels with every parallelism.
 *
 * @param length of a measurement, if the backlog lasts that long
 * @param backlogBytes of each source
 * @param rowsPerMessage of each insert
 * @param checkpointInterval of the jobs
 * @param consumer properties of the jobs' Kafka consumers
 * @param table where the results go
 */
record ScalingPlan(
        List<Long> delaysMillis,
        List<SourceLayout> layouts,
        List<Integer> parallelisms,
        Duration length,
        long backlogBytes,
        int rowsPerMessage,
        Duration checkpointInterval,
        Map<String, String> consumer,
        Path table) {

    /** Of the arguments of {@link ScalingMeter#main}, in the same order. */
    static ScalingPlan of(String... args) {
        return new ScalingPlan(
                list(args[0]).stream().map(Long::valueOf).toList(),
                list(args[1]).stream().map(n -> new SourceLayout(Integer.parseInt(n))).toList(),
                list(args[2]).stream().map(Integer::valueOf).toList(),
                Duration.ofSeconds(Long.parseLong(args[3])),
                Long.parseLong(args[4]) << 20,
                Integer.parseInt(args[5]),
                Duration.ofMillis(Long.parseLong(args[6])),
                properties(args[7]),
                Path.of(args[8]));
    }

    private static Map<String, String> properties(String commaSeparated) {
        return list(commaSeparated).stream()
                .filter(property -> !property.isEmpty())
                .map(property -> property.split("=", 2))
                .collect(Collectors.toMap(property -> property[0], property -> property[1]));
    }

    private static List<String> list(String commaSeparated) {
        return Arrays.asList(commaSeparated.split(",", -1));
    }
}

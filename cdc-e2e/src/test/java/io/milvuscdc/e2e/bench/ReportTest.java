// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private final Report report = new Report("deploy/bench.sh --rounds 3");

    @Test
    void showsMedianAndRange() {
        report.add(
                new Figure(
                        "catchup",
                        "128 floats",
                        "plain calls",
                        "rows/s",
                        List.of(52_000.4, 1_000.0, 61_000.0),
                        "the target"));

        assertThat(report.table())
                .endsWith(
                        "| catchup: 128 floats | plain calls | 52,000 rows/s | 1,000 to 61,000 | the target |\n");
    }

    @Test
    void showsSmallFiguresWithDecimals() {
        report.add("lag", "default", "CPU per 100 MB", "s", 1.256, "its own work");

        assertThat(report.table()).contains("| 1.26 s | 1 round |");
    }

    @Test
    void writesEveryRoundAsJson(@TempDir Path directory) throws Exception {
        report.add(
                new Figure(
                        "kill", "x", "first row", "ms", List.of(3.0, 5.0), "the start of a JVM"));

        report.write(directory.resolve("bench.md"), directory.resolve("bench.json"));

        JsonNode json = new ObjectMapper().readTree(directory.resolve("bench.json").toFile());
        assertThat(json.path("command").asText()).isEqualTo("deploy/bench.sh --rounds 3");
        assertThat(json.path("figures").path(0).path("values")).hasSize(2);
        assertThat(json.path("machine").path("CPUs").asInt()).isPositive();
        assertThat(Files.readString(directory.resolve("bench.md"))).contains("first row");
    }
}

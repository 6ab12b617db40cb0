// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FaultTableTest {

    @Test
    void showsTheLongestTimesOfAFaultThatStruckTwice() {
        String table =
                FaultTable.of(
                        List.of(
                                result("cut", 4_000, "Running", "", 1_500),
                                result("killed", 900, "Running", "WARN a|b", 12_340),
                                result("cut", 5_100, "Paused (why)", "lost", 700)));

        assertThat(table.lines())
                .containsExactly(
                        "| fault | times | lasted | task | visible again after | the log says |",
                        "|---|---|---|---|---|---|",
                        "| cut | 2 | 5.1 s | Running, Paused (why) | 1.5 s | lost |",
                        "| killed | 1 | 0.9 s | Running | 12.3 s | WARN a\\|b |");
    }

    private static FaultResult result(
            String fault, long lasted, String state, String said, long visible) {
        return new FaultResult(
                fault, Duration.ofMillis(lasted), state, said, Duration.ofMillis(visible));
    }
}

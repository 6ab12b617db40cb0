// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuUseTest {

    @Test
    void saysThatTheCpusWereFullAndWhoUsedThem() {
        CpuUse use =
                CpuUse.between(
                        new CpuTimes(0, Map.of("tool", 1.0), 0, 0),
                        new CpuTimes(2_000_000_000L, Map.of("tool", 2.5), 400, 20));

        assertThat(use.bound("the checkpoint interval"))
                .isEqualTo("the CPUs; CPUs 95 % busy (tool 0.75)");
    }

    @Test
    void givesTheOtherReasonWhereTheCpusWereNot() {
        CpuUse use =
                CpuUse.between(
                        new CpuTimes(0, Map.of("tool", 1.0), 0, 0),
                        new CpuTimes(1_000_000_000L, Map.of("tool", 1.02), 200, 150));

        assertThat(use.bound("the checkpoint interval"))
                .isEqualTo("the checkpoint interval; CPUs 25 % busy ()");
    }

    @Test
    void readsTheTimeOfThisProcess() throws Exception {
        long pid = ProcessHandle.current().pid();

        CpuTimes now = CpuTimes.now(Map.of("tests", pid));

        assertThat(now.seconds().get("tests")).isPositive();
        assertThat(now.machineTicks()).isGreaterThan(now.idleTicks());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuUseTest {

    @Test
    void saysThatTheCpusWereFullAndWhoUsedThem() {
        CpuUse use = CpuUse.between(sample(0, 1_000, 0), sample(2, 2_500, 3_800), 2);

        assertThat(use.bound("the checkpoint interval"))
                .isEqualTo("the CPUs; CPUs 95 % busy (tool 0.75)");
    }

    @Test
    void givesTheOtherReasonWhereTheCpusWereNot() {
        CpuUse use = CpuUse.between(sample(0, 1_000, 0), sample(1, 1_020, 500), 2);

        assertThat(use.bound("the checkpoint interval"))
                .isEqualTo("the checkpoint interval; CPUs 25 % busy ()");
    }

    @Test
    void readsTheTimeOfThisProcess() {
        CpuSample now = CpuSample.now(Map.of("tests", ProcessHandle.current().pid()));

        assertThat(now.processes().get("tests")).isPositive();
        assertThat(now.machine()).isPositive();
    }

    private static CpuSample sample(int second, int toolMillis, int machineMillis) {
        return new CpuSample(
                Duration.ofSeconds(second).toNanos(),
                Map.of("tool", Duration.ofMillis(toolMillis)),
                Duration.ofMillis(machineMillis));
    }
}

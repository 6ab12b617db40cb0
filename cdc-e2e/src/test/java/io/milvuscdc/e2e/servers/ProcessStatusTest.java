// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessStatusTest {

    /** As no process of Linux has. */
    private static final long NOBODY = 1L << 40;

    @Test
    void addsTimeInTheKernelToItsOwn() {
        assertThat(
                        ProcessStatus.processorTime(
                                "7 (java) S 1 7 7 0 -1 4194304 11 12 13 14 250 50 16 17 20 0"))
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aNameMayHaveBlanksAndBrackets() {
        assertThat(
                        ProcessStatus.processorTime(
                                "7 (a) (b c) R 1 7 7 0 -1 4194304 11 12 13 14 1 2 16 17 20 0"))
                .isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void saysThatAProcessHasEnded() {
        assertThatThrownBy(() -> new ProcessStatus(NOBODY).processorTime())
                .isInstanceOf(ServerException.class)
                .hasMessage("process " + NOBODY + " has ended");
    }
}

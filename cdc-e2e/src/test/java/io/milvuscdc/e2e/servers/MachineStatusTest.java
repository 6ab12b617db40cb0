// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachineStatusTest {

    @Test
    void countsWhatIsNeitherIdleNorWaitingNorAGuest() {
        assertThat(MachineStatus.busy("cpu  100 20 30 4000 500 6 7 8 9 0"))
                .isEqualTo(Duration.ofMillis((100 + 20 + 30 + 6 + 7 + 8) * 10));
    }

    @Test
    void readsThoseOfThisMachine() {
        assertThat(MachineStatus.processorTime()).isPositive();
        assertThat(new ProcessStatus(ProcessHandle.current().pid()).processorTime()).isPositive();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.e2e.servers.SourceQueue;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QuickstartOptionsTest {

    @Test
    void staysUpWithTenThousandRowsWhenNothingIsSaid() {
        assertThat(QuickstartOptions.parse(List.of()))
                .isEqualTo(new QuickstartOptions(false, false, SourceQueue.KAFKA, 10_000));
    }

    @Test
    void readsEveryOption() {
        assertThat(
                        QuickstartOptions.parse(
                                List.of("--check", "--rows", "5", "--mq", "pulsar", "--terminal")))
                .isEqualTo(new QuickstartOptions(true, true, SourceQueue.PULSAR, 5));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> QuickstartOptions.parse(List.of("--chekc")))
                .hasMessage("unknown option --chekc");
        assertThatThrownBy(() -> QuickstartOptions.parse(List.of("--rows", "0")))
                .hasMessage("--rows needs a positive number, not '0'");
        assertThatThrownBy(() -> QuickstartOptions.parse(List.of("--rows")))
                .hasMessage("--rows needs a positive number, not ''");
        assertThatThrownBy(() -> QuickstartOptions.parse(List.of("--mq", "rocksmq")))
                .hasMessage("--mq: the message queue must be kafka or pulsar, not 'rocksmq'");
    }
}

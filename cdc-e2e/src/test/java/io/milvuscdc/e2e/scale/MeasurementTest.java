// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class MeasurementTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void ratesAreByTheTimeThatPassed() {
        Measurement measured = measured(3 * SECOND, SECOND);

        assertThat(measured.rowsPerSecond()).isCloseTo(50_000, within(0.1));
        assertThat(measured.megabytesPerSecond()).isCloseTo(25, within(0.01));
        assertThat(measured.jobSecondsPer100Megabytes()).isCloseTo(3, within(0.01));
    }

    @Test
    void isBoundByAFullMachineFirst() {
        assertThat(measured(4 * SECOND, 2 * SECOND).boundBy())
                .isEqualTo("processors of the machine");
    }

    @Test
    void isBoundByAThreadThatHasACoreForItself() {
        assertThat(measured(3 * SECOND, 2 * SECOND).boundBy()).isEqualTo("one thread, fetcher 1/2");
    }

    @Test
    void waitsWhereNothingIsFull() {
        assertThat(measured(3 * SECOND, SECOND).boundBy()).isEqualTo("waiting for answers");
    }

    @Test
    void saysInShortWhatAThreadIsFor() {
        assertThat(CpuTimes.called("Source Data Fetcher for Source: Read source (2/4)#0"))
                .isEqualTo("fetcher 2/4");
        assertThat(CpuTimes.called("Source: Read -> Replicate to target: Writer (1/4)#0"))
                .isEqualTo("reader and writer 1/4");
        assertThat(CpuTimes.called("grpc-default-worker-ELG-1-2")).isEqualTo("gRPC 2");
        assertThat(CpuTimes.called("main")).isEqualTo("main");
    }

    private static Measurement measured(long machineBusy, long busiestThread) {
        CpuTimes used =
                new CpuTimes(
                        2 * SECOND,
                        3 * SECOND / 2,
                        SECOND / 10,
                        SECOND / 10,
                        SECOND / 10,
                        machineBusy,
                        Map.of("12 fetcher 1/2", busiestThread, "13 gRPC 1", SECOND / 2));
        return new Measurement(
                5, 16, 2, 100_000, new TargetCounts(20, 500, 50_000_000, 100), used, 0, 2);
    }
}

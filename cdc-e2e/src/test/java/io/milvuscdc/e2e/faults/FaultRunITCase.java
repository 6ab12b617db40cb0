// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A round of what {@code deploy/chaos.sh} runs for as long as one likes, with fixed seeds: faults
 * of live traffic and of a catch-up, while rows and collections change. Those of clocks are left to
 * the script: they depend on how the kernel maps the code that tells the time.
 */
final class FaultRunITCase {

    private static final Duration HOLD = Duration.ofSeconds(3);
    private static final int IN_CATCH_UP = 3;

    private static final Setting ON_KAFKA = Setting.of("kafka", "embedded");
    private static final Setting ON_PULSAR = Setting.of("pulsar", "session");

    @Test
    void everyFaultOnKafkaWithFlinkInTheControlPlane() throws Exception {
        round(ON_KAFKA, 1, Faults.besideMilvus(ON_KAFKA));
    }

    @Test
    void theFaultsThatOnlyPulsarAndASessionClusterHave() throws Exception {
        Set<String> others =
                Faults.besideMilvus(ON_KAFKA).stream().map(Fault::name).collect(Collectors.toSet());
        round(
                ON_PULSAR,
                2,
                Faults.besideMilvus(ON_PULSAR).stream()
                        .filter(fault -> !others.contains(fault.name()))
                        .toList());
    }

    private static void round(Setting setting, long seed, List<Fault> faults) throws Exception {
        try (FaultRun run = FaultRun.start("fault-run-" + setting.queue(), setting, seed)) {
            run.strikeLive(faults, HOLD);
            run.strikeInCatchUp(run.some(faults, IN_CATCH_UP), HOLD);

            Judgement judgement = run.judge();
            System.out.printf("%s%n%s; %s%n", run.table(), run.written(), judgement);
            assertThat(judgement.findings()).isEmpty();
        }
    }
}

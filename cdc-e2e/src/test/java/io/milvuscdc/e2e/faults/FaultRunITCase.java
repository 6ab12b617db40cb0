// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rounds of what {@code deploy/chaos.sh} runs for as long as one likes, with fixed seeds: faults of
 * live traffic and of a catch-up, while rows and collections change. Those of clocks are left to
 * the script: they depend on how the kernel maps the code that tells the time.
 */
final class FaultRunITCase {

    private static final Duration HOLD = Duration.ofSeconds(3);

    /**
     * A call ends after 30 s without an answer. What it brought arrives when packets do, beside
     * what is sent in its place.
     */
    private static final Duration PAST_THE_DEADLINE = Duration.ofSeconds(35);

    private static final Set<String> HELD_PAST_THE_DEADLINE =
            Set.of(
                    "no packet to the target arrives",
                    "no packet to Kafka arrives",
                    "no packet to Pulsar arrives");

    private static final int IN_CATCH_UP = 3;
    private static final int MIXED = 2;

    @ParameterizedTest(name = "{0}, {1}, seed {2}")
    @CsvSource({"kafka, embedded, 1", "pulsar, session, 2"})
    void everythingArrivesExactlyOnceAfterEveryFault(String queue, String flink, long seed)
            throws Exception {
        Setting setting = Setting.of(queue, flink);
        List<Fault> faults = Faults.besideMilvus(setting).stream().map(this::held).toList();
        try (FaultRun run = FaultRun.start("fault-run-" + queue, setting, seed)) {
            List<Fault> live = new ArrayList<>(faults);
            live.addAll(run.some(MixedFaults.of(setting), MIXED));
            run.strikeLive(live, HOLD);
            run.strikeInCatchUp(run.some(faults, IN_CATCH_UP), HOLD);

            Judgement judgement = run.judge();
            System.out.printf("%s%n%s; %s%n", run.table(), run.written(), judgement);
            assertThat(judgement.findings()).isEmpty();
            // where faults are short no Milvus has a reason to end
            assertThat(judgement.accidents()).noneMatch(one -> one.server().isMilvus());
            assertThat(judgement.content()).isPresent();
            // faults have struck between rows and their tick
            assertThat(judgement.queues().droppedCopies()).isPositive();
        }
    }

    private Fault held(Fault fault) {
        return HELD_PAST_THE_DEADLINE.contains(fault.name())
                ? fault.andStays(PAST_THE_DEADLINE.minus(HOLD))
                : fault;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

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

    private static final Setting FIRST = Setting.of("kafka", "embedded");

    /** Of the faults that both rounds have, so many strike in the second one, too. */
    private static final int AGAIN = 6;

    private static final int IN_CATCH_UP = 2;
    private static final int MIXED = 2;

    @Test
    void everythingArrivesExactlyOnceAfterEveryFaultOnKafka() throws Exception {
        strike(FIRST, 1, "no packet to Kafka arrives", Integer.MAX_VALUE);
    }

    @Test
    void everythingArrivesExactlyOnceAfterThoseOfPulsarAndASessionCluster() throws Exception {
        strike(Setting.of("pulsar", "session"), 2, "no packet to the target arrives", AGAIN);
    }

    /**
     * A round, and the same once more if a Milvus has crashed in it, which leaves its content
     * unjudged.
     *
     * @param stalled the fault that stays past the deadline of a call
     * @param again how many faults of the first round it has
     */
    private static void strike(Setting setting, long seed, String stalled, int again)
            throws Exception {
        Judgement judgement = judge(setting, seed, stalled, again);
        if (judgement.accidents().stream().anyMatch(Accident::isCrash)) {
            assertThat(judgement.findings()).isEmpty();
            judgement = judge(setting, seed, stalled, again);
        }
        assertThat(judgement.findings()).isEmpty();
        // where faults are short no Milvus has a reason to end
        assertThat(judgement.accidents()).noneMatch(one -> one.server().isMilvus());
        assertThat(judgement.content()).isPresent();
        // faults have struck between rows and their tick
        assertThat(judgement.queues().droppedCopies()).isPositive();
    }

    private static Judgement judge(Setting setting, long seed, String stalled, int again)
            throws Exception {
        Set<String> known = names(Faults.besideMilvus(FIRST));
        try (FaultRun run =
                FaultRun.start(
                        "fault-run-" + (setting.hasPulsar() ? "pulsar" : "kafka"), setting, seed)) {
            List<Fault> faults = Faults.besideMilvus(setting);
            List<Fault> live = new ArrayList<>();
            List<Fault> others = new ArrayList<>();
            for (Fault fault : faults) {
                if (fault.name().equals(stalled)) {
                    live.add(fault.andStays(PAST_THE_DEADLINE.minus(HOLD)));
                } else {
                    (known.contains(fault.name()) ? others : live).add(fault);
                }
            }
            live.addAll(run.some(others, again));
            live.addAll(run.some(MixedFaults.of(setting), MIXED));
            run.strikeLive(live, HOLD);
            run.strikeInCatchUp(run.some(faults, IN_CATCH_UP), HOLD);

            Judgement judgement = run.judge();
            System.out.printf("%s%n%s; %s%n", run.table(), run.written(), judgement);
            return judgement;
        }
    }

    private static Set<String> names(List<Fault> faults) {
        return faults.stream().map(Fault::name).collect(Collectors.toSet());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Every fault that passes, one after the other, while several writers go on. */
final class FaultsITCase {

    private static final Duration HOLD = Duration.ofSeconds(Long.getLong("milvuscdc.test.hold", 4));

    private final long seed = Long.getLong("milvuscdc.test.seed", 1);

    @Test
    void losesAndDoublesNothingWhateverStrikes() throws Exception {
        try (FaultRun run = FaultRun.start("faults", seed)) {
            run.everyFault(HOLD);

            ContentComparison content = run.compare();
            ExactlyOnceVerdict verdict = run.verdict();
            System.out.printf(
                    "Faults, seed %d: %s; %s%n%s", seed, run.written(), verdict, run.table());
            assertThat(content.differences()).isEmpty();
            assertThat(run.results()).extracting(FaultResult::state).containsOnly("Running");
            assertThat(verdict.findings()).as("%s", verdict).isEmpty();
        }
    }
}

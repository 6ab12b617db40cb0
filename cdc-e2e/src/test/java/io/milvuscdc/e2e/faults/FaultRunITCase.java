// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A round of what {@code deploy/chaos.sh} runs for as long as one likes: every fault once that
 * doesn't make a Milvus start again, while rows and collections change.
 */
class FaultRunITCase {

    private static final Duration HOLD = Duration.ofSeconds(3);

    @ParameterizedTest(name = "{0}, {1}, seed {2}")
    @CsvSource("kafka, embedded, 1")
    void isEqualAfterEveryFault(String queue, String flink, long seed) throws Exception {
        try (FaultRun run = FaultRun.start("fault-run", Setting.of(queue, flink), seed)) {
            run.faultsBesideMilvus(HOLD);

            assertThat(run.compare().differences()).isEmpty();
            assertThat(run.verdict().findings()).isEmpty();
            System.out.printf("%s%n%s; %s%n", run.table(), run.written(), run.verdict());
        }
    }
}

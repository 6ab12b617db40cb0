// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class WorkDoneTest {

    private static final Duration NEVER = Duration.ZERO;

    @Test
    void aRunThatWroteToAllIsWell() {
        assertThat(work(Map.of("a", 10L, "b", 20L), 6, 10, 2).findings(NEVER)).isEmpty();
    }

    @Test
    void aCollectionThatGotNothingIsNamed() {
        assertThat(work(Map.of("a", 10L, "b", 0L), 0, 10, 0).findings(NEVER))
                .containsExactly("nothing was written to b");
    }

    @Test
    void aRunWithoutChangesIsNone() {
        assertThat(work(Map.of("a", 10L), 0, 0, 0).findings(NEVER))
                .containsExactly("no change was made");
    }

    @Test
    void faultsExplainRefusalsForAsLongAsTheyLast() {
        WorkDone work = work(Map.of("a", 10L), 22, 10, 12);

        assertThat(work.findings(Duration.ofSeconds(10))).isEmpty();
        assertThat(work.findings(Duration.ofSeconds(9)))
                .containsExactly(
                        "22 batches failed and 10 were made", "12 changes failed and 10 were made");
    }

    private static WorkDone work(
            Map<String, Long> batches, long refused, long changes, long refusedChanges) {
        return new WorkDone(new TreeMap<>(batches), 1, refused, changes, refusedChanges);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Fault;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Finding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JudgementTest {

    private static final ExactlyOnceVerdict ONCE = queues();
    private static final ExactlyOnceVerdict MISSING =
            queues(new Finding(Fault.MISSING, "message 7"));
    private static final String ACCIDENT = "etcd has ended of itself";

    @Test
    void contentThatDiffersIsAFindingAndSoIsWhatTheQueuesMiss() {
        ContentComparison differs = new ContentComparison(List.of("1 row"), List.of());

        assertThat(new Judgement(MISSING, Optional.of(differs), List.of()).findings())
                .containsExactly("queues: MISSING, 1:\n  message 7", "content: 1 row");
    }

    @Test
    void queuesAreJudgedAlsoWhereContentCannotBe() {
        assertThat(new Judgement(ONCE, Optional.empty(), List.of()).findings()).isEmpty();
        assertThat(new Judgement(MISSING, Optional.empty(), List.of()).findings()).hasSize(1);
    }

    @Test
    void aServerThatEndedOfItselfIsNamedBesideWhatWasFoundAndIsNoFindingByItself() {
        assertThat(new Judgement(ONCE, Optional.empty(), List.of(ACCIDENT)).findings()).isEmpty();
        assertThat(new Judgement(ONCE, Optional.empty(), List.of(ACCIDENT)))
                .asString()
                .contains("content isn't judged: a Milvus was started again")
                .contains(ACCIDENT);
        assertThat(new Judgement(MISSING, Optional.empty(), List.of(ACCIDENT)).findings())
                .contains("meanwhile " + ACCIDENT);
    }

    private static ExactlyOnceVerdict queues(Finding... findings) {
        return new ExactlyOnceVerdict(1, 1, 0, 1, 1, 1, 1, List.of(findings));
    }
}

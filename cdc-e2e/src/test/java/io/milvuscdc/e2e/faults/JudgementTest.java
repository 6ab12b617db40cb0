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
    private static final ContentComparison EQUAL = new ContentComparison(List.of(), List.of());
    private static final String LONG = "etcd stands still (SIGSTOP)";

    @Test
    void contentThatDiffersIsAFindingAndSoIsWhatTheQueuesMiss() {
        assertThat(judged(MISSING, new ContentComparison(List.of("1 row"), List.of())).findings())
                .containsExactly("queues: MISSING, 1:\n  message 7", "content: 1 row");
        assertThat(judged(ONCE, EQUAL).findings()).isEmpty();
    }

    @Test
    void rowsThatNobodyComparedAreAFinding() {
        assertThat(
                        judged(ONCE, new ContentComparison(List.of(), List.of("c: its rows")))
                                .findings())
                .containsExactly("content: not compared: c: its rows");
    }

    @Test
    void contentThatIsNotJudgedIsAFindingUnlessAFaultExplainsIt() {
        assertThat(unjudged(ONCE, List.of()).findings())
                .containsExactly("content: not judged, though no Milvus was started again");
        assertThat(unjudged(ONCE, List.of(LONG), milvus(true)).findings()).isEmpty();
        assertThat(unjudged(ONCE, List.of(LONG), milvus(true)))
                .asString()
                .contains("CONTENT NOT JUDGED: Milvus was started again after «" + LONG + "»");
        assertThat(unjudged(MISSING, List.of(LONG), milvus(true)).findings()).hasSize(2);
    }

    @Test
    void aServerThatEndedOfItselfIsAFindingUnlessAFaultExplainsIt() {
        assertThat(unjudged(ONCE, List.of("cut"), milvus(false)).findings())
                .containsExactly("the target Milvus ended (after «cut»), which doesn't explain it");
    }

    @Test
    void whatWasTooLittleIsAFinding() {
        assertThat(
                        new Judgement(
                                        ONCE,
                                        Optional.of(EQUAL),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of("no change was made"))
                                .findings())
                .containsExactly("no change was made");
    }

    @Test
    void whatTheTargetShowsOnlyAfterAnotherLoadIsSaid() {
        assertThat(
                        new Judgement(
                                ONCE,
                                Optional.of(EQUAL),
                                List.of("c: 1 row"),
                                List.of(),
                                List.of(),
                                List.of()))
                .asString()
                .contains("equal")
                .contains("until it was loaded again: c: 1 row");
    }

    private static Judgement judged(ExactlyOnceVerdict queues, ContentComparison content) {
        return new Judgement(
                queues, Optional.of(content), List.of(), List.of(), List.of(), List.of());
    }

    private static Judgement unjudged(
            ExactlyOnceVerdict queues, List<String> restarts, Accident... accidents) {
        return new Judgement(
                queues, Optional.empty(), List.of(), restarts, List.of(accidents), List.of());
    }

    private static Accident milvus(boolean explained) {
        return new Accident(Server.TARGET, "ended", explained ? LONG : "cut", explained);
    }

    private static ExactlyOnceVerdict queues(Finding... findings) {
        return new ExactlyOnceVerdict(1, 1, 0, 1, 1, 1, 1, List.of(findings));
    }
}

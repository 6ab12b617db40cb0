// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.client.DuplicateJobSubmissionException;
import org.apache.flink.runtime.client.JobSubmissionException;
import org.junit.jupiter.api.Test;

/** What the answers to a start mean; Flink itself runs in the end-to-end tests. */
final class EmbeddedFlinkTest {

    private static final JobID JOB = new JobID(1, 2);

    @Test
    void aStartThatIsNotAnsweredInTimeMayHaveHappened() {
        ClusterException failure = submit(new CompletableFuture<>());

        assertThat(failure.isUnanswered()).isTrue();
        assertThat(failure).hasMessageContaining("start job " + JOB);
    }

    @Test
    void aStartThatHasHappenedMeanwhileIsOne() {
        assertThatCode(() -> start(refused(DuplicateJobSubmissionException.of(JOB))))
                .doesNotThrowAnyException();
    }

    @Test
    void theIdOfAJobThatHasEndedMeanwhileIsSpent() {
        ClusterException failure =
                submit(refused(DuplicateJobSubmissionException.ofGloballyTerminated(JOB)));

        assertThat(failure.isSpent()).isTrue();
    }

    @Test
    void aStartThatFlinkRefusesHasNotHappened() {
        ClusterException failure = submit(refused(new JobSubmissionException(JOB, "no slots")));

        assertThat(failure.isUnanswered()).isFalse();
        assertThat(failure.isSpent()).isFalse();
        assertThat(failure).hasMessageContaining("no slots");
    }

    private static CompletableFuture<Object> refused(Exception why) {
        return CompletableFuture.failedFuture(why);
    }

    private static ClusterException submit(CompletableFuture<Object> answer) {
        return catchThrowableOfType(ClusterException.class, () -> start(answer));
    }

    private static void start(CompletableFuture<Object> answer) throws Exception {
        EmbeddedFlink.submit(JOB.toHexString(), Duration.ofMillis(1), () -> answer);
    }
}

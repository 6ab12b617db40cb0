// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.JobException;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

/** The most telling line of a chain of causes. */
final class FailureReasonTest {

    @Test
    void prefersTheOutermostMessageOfThisProject() {
        Throwable failure =
                new JobException(
                        "Recovery is suppressed",
                        new SuppressRestartsException(
                                new ClusterException(
                                        "the schema of c differs\nat length",
                                        new ClusterException("inner", null))));
        assertThat(FailureReason.of(failure)).isEqualTo("the schema of c differs");
        assertThat(FailureReason.of(new SerializedThrowable(failure)))
                .isEqualTo("the schema of c differs");
    }

    @Test
    void takesTheInnermostMessageOfOthers() {
        Throwable failure =
                new JobException("outer", new IllegalStateException("io", new RuntimeException()));
        assertThat(FailureReason.of(failure)).isEqualTo("IllegalStateException: io");
    }

    @Test
    void namesTheClassWhenThereIsNoMessage() {
        assertThat(FailureReason.of(new RuntimeException()))
                .isEqualTo("java.lang.RuntimeException");
    }

    @Test
    void readsTheSameOutOfAPrintedStackTrace() {
        String printed =
                """
                org.apache.flink.runtime.JobException: Recovery is suppressed
                \tat org.apache.flink.Some.method(Some.java:1)
                Caused by: io.milvuscdc.job.Some$FatalException: the schema of c differs
                at length
                Caused by: java.io.IOException: io: broken
                \t... 12 more
                """;
        assertThat(FailureReason.ofStackTrace(printed)).isEqualTo("the schema of c differs");
        assertThat(FailureReason.ofStackTrace(printed.replace("io.milvuscdc", "com.other")))
                .isEqualTo("IOException: io: broken");
        assertThat(FailureReason.ofStackTrace("java.lang.RuntimeException\n\tat A.b(A.java:1)"))
                .isEqualTo("java.lang.RuntimeException");
        assertThat(FailureReason.ofStackTrace("no stack trace")).isEmpty();
    }
}

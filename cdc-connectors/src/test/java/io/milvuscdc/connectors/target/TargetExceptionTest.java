// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

/** How errors of the target reach Flink's job manager. */
final class TargetExceptionTest {

    @Test
    void aFatalErrorIsStillFatalAfterItsWayToTheJobManager() {
        Throwable grpc =
                Status.UNAUTHENTICATED
                        .withDescription("auth check failure")
                        .withCause(new IOException("of the network"))
                        .asRuntimeException(new Metadata());
        FatalTargetException sent =
                new FatalTargetException(TargetException.NO_CODE, "check the login", grpc);

        Throwable received =
                new SerializedThrowable(new IOException("in a task", sent))
                        .deserializeError(getClass().getClassLoader());

        assertThat(
                        ThrowableClassifier.findThrowableOfThrowableType(
                                received, ThrowableType.NonRecoverableError))
                .get()
                .isInstanceOf(FatalTargetException.class)
                .asString()
                .contains("check the login");
        assertThat(received)
                .hasStackTraceContaining("UNAUTHENTICATED: auth check failure")
                .hasStackTraceContaining("of the network");
    }

    @Test
    void aTargetThatIsNotReadyServesNobodyLikeOneThatDoesNotAnswer() {
        assertThat(refused(StatusClassifier.SERVICE_NOT_READY).unanswered()).isTrue();
        assertThat(refused(StatusClassifier.SERVICE_UNAVAILABLE).unanswered()).isTrue();
        assertThat(refused(StatusClassifier.COLLECTION_NOT_FOUND).unanswered()).isFalse();
    }

    private static TargetException refused(int code) {
        return new TargetException(TargetException.Kind.RETRY, code, "refused", null);
    }
}

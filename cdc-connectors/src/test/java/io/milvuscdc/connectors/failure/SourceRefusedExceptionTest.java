// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

final class SourceRefusedExceptionTest {

    @Test
    void endsTheJobAlsoAfterItsWayToTheJobManager() {
        Throwable grpc =
                Status.INVALID_ARGUMENT
                        .withDescription("authentication failed")
                        .asRuntimeException(new Metadata());
        SourceRefusedException sent =
                new SourceRefusedException("etcd x refuses the login: check it", grpc);

        Throwable received =
                new SerializedThrowable(new IllegalStateException("in a task", sent))
                        .deserializeError(getClass().getClassLoader());

        assertThat(
                        ThrowableClassifier.findThrowableOfThrowableType(
                                received, ThrowableType.NonRecoverableError))
                .get()
                .isInstanceOf(SourceRefusedException.class)
                .asString()
                .contains("refuses the login");
        assertThat(received)
                .hasStackTraceContaining("INVALID_ARGUMENT: authentication failed")
                .hasNoSuppressedExceptions();
        assertThat(new IOException(sent)).hasRootCauseInstanceOf(PortableCause.class);
    }
}

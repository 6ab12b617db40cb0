// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts are those of etcd 3.5 and the JDK. */
final class EtcdRefusalTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "etcdserver: authentication failed, invalid user ID or password",
                "etcdserver: permission denied",
                "etcdserver: user name is empty"
            })
    void aLoginOrPermissionThatIsMissingIsRefused(String text) {
        assertThat(EtcdConnection.isRefusal(answer(Status.Code.INVALID_ARGUMENT, text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "etcdserver: no leader",
                "etcdserver: leader changed",
                "etcdserver: request timed out",
                "etcdserver: server stopped",
                "etcdserver: too many requests",
                // after a restart, or from a member that lags behind: a new login mends these
                "etcdserver: invalid auth token",
                "auth: revision in header is old",
                "io exception"
            })
    void whatPassesIsNot(String text) {
        assertThat(EtcdConnection.isRefusal(answer(Status.Code.UNAVAILABLE, text))).isFalse();
    }

    @Test
    void aCertificateIsRefusedButALostHandshakeIsNot() {
        assertThat(EtcdConnection.isRefusal(handshake("Received fatal alert: bad_certificate")))
                .isTrue();
        for (String passing :
                new String[] {
                    "Connection closed while SSL/TLS handshake was in progress",
                    "Received fatal alert: internal_error",
                    "Received fatal alert: user_canceled"
                }) {
            assertThat(EtcdConnection.isRefusal(handshake(passing))).as(passing).isFalse();
        }
    }

    private static Throwable answer(Status.Code code, String text) {
        return new CompletionException(code.toStatus().withDescription(text).asRuntimeException());
    }

    private static Throwable handshake(String text) {
        return new IOException("io exception", new SSLHandshakeException(text));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.tls.TlsFailure;
import java.util.Optional;
import org.apache.flink.util.ExceptionUtils;
import org.apache.pulsar.client.api.PulsarClientException.AuthenticationException;
import org.apache.pulsar.client.api.PulsarClientException.AuthorizationException;

/** Says why a broker didn't do what it was asked for, and what to do about it. */
final class PulsarFailure {

    private PulsarFailure() {}

    /** Whether it would fail again, however often it were tried. */
    static boolean isLasting(Throwable failure) {
        return TlsFailure.explain(failure).isPresent()
                || ExceptionUtils.findThrowable(failure, AuthenticationException.class).isPresent();
    }

    /** What was wrong, as the end of a sentence that says what failed. */
    static String inWords(PulsarQueue queue, Throwable failure) {
        Optional<String> tls = TlsFailure.explain(failure);
        if (tls.isPresent()) {
            return tls.get() + " (sourceConfig.pulsar: tlsTrustCertsFilePath, authPlugin tls)";
        }
        if (ExceptionUtils.findThrowable(failure, AuthenticationException.class).isPresent()) {
            return "it refuses the login: check authPlugin and authParams of sourceConfig.pulsar ("
                    + failure.getMessage()
                    + ")";
        }
        if (ExceptionUtils.findThrowable(failure, AuthorizationException.class).isPresent()) {
            return "the login may not do that: allow its role to consume from namespace "
                    + queue.tenant()
                    + "/"
                    + queue.namespace()
                    + " ("
                    + failure.getMessage()
                    + ")";
        }
        return "is sourceConfig.pulsar right, is the broker up?"
                + (queue.usesTls()
                        ? " Does it want a client certificate (authPlugin tls)? ("
                        : " (")
                + failure
                + ")";
    }
}

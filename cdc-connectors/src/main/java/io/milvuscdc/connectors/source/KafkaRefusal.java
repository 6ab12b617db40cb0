// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.tls.TlsFailure;
import java.util.Optional;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * Tells a broker that refuses this client from one that is away. Kafka's client says so by its
 * exceptions: it reports a lost connection, also one lost while logging in, as something else.
 */
final class KafkaRefusal {

    private KafkaRefusal() {}

    /**
     * What a failure says in words; empty when the next attempt could overcome it.
     *
     * @param what what could not be done, and at which broker
     */
    static Optional<SourceRefusedException> of(String what, Throwable failure) {
        return inWords(failure)
                .map(words -> new SourceRefusedException(what + ": " + words, failure));
    }

    private static Optional<String> inWords(Throwable failure) {
        Optional<String> tlsFault = TlsFailure.explain(failure);
        if (tlsFault.isPresent()) {
            return tlsFault;
        }
        Optional<AuthorizationException> denied =
                ExceptionUtils.findThrowable(failure, AuthorizationException.class);
        if (denied.isPresent()) {
            return Optional.of(
                    "it denies reading: grant the user of sourceConfig.kafka Read and Describe on"
                            + " the topics ("
                            + denied.get().getMessage()
                            + ")");
        }
        return ExceptionUtils.findThrowable(failure, AuthenticationException.class)
                .map(
                        refused ->
                                "it refuses the login: check user, password and mechanism of"
                                        + " sourceConfig.kafka ("
                                        + refused.getMessage()
                                        + ")");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

final class KafkaRefusalTest {

    @Test
    void loginsAndPermissionsAreRefusedInWords() {
        assertThat(
                        KafkaRefusal.of(
                                "reading of b:9092",
                                new SaslAuthenticationException("invalid credentials")))
                .get()
                .asString()
                .contains("reading of b:9092: it refuses the login", "(invalid credentials)");
        assertThat(
                        KafkaRefusal.of(
                                "x",
                                new ExecutionException(
                                        new TopicAuthorizationException(Set.of("dml_0")))))
                .get()
                .asString()
                .contains("grant the user", "dml_0");
    }

    @Test
    void whatPassesIsNot() {
        for (Exception passing :
                List.of(
                        new TimeoutException("no answer"),
                        new DisconnectException(),
                        new NetworkException(),
                        new NotLeaderOrFollowerException("moved"),
                        new IllegalStateException("Connection refused"))) {
            assertThat(KafkaRefusal.of("x", new ExecutionException(passing)))
                    .as("%s", passing)
                    .isEmpty();
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class CallListenerTest {

    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Test
    void hearsOfCallsThatTheTargetHasCarriedOutByTheirNames() throws Exception {
        try (FakeMilvus milvus = new FakeMilvus();
                TargetClient client =
                        TargetClient.ofJob(
                                TargetConfig.of(milvus.uri(), "", Duration.ofSeconds(5)),
                                heard::add)) {
            client.ensureDatabase("db");
            client.replicate("ch", 1, 1, List.of()).get(10, TimeUnit.SECONDS);
            assertThat(heard).contains("CreateDatabase").endsWith("ReplicateMessage");

            heard.clear();
            milvus.becomeNormalInstance();
            assertThatThrownBy(
                            () ->
                                    client.replicate("ch", 1, 1, List.of(ByteString.EMPTY))
                                            .get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
            assertThat(heard).isEmpty();
        }
    }
}

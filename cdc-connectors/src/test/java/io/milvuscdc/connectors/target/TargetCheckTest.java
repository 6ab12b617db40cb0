// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TargetCheckTest {

    private final FakeMilvus milvus = new FakeMilvus();

    @AfterEach
    void close() {
        milvus.close();
    }

    @Test
    void acceptsAStandby() {
        assertThatCode(() -> TargetCheck.run(config(milvus.uri()))).doesNotThrowAnyException();
    }

    @Test
    void refusesANormalInstanceAndSaysWhatToSet() {
        milvus.becomeNormalInstance();

        assertThatThrownBy(() -> TargetCheck.run(config(milvus.uri())))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("common.ttMsgEnabled to false")
                .hasMessageNotContaining("secret");
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThatThrownBy(() -> TargetCheck.run(config("http://127.0.0.1:" + port)))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("reachable");
    }

    @Test
    void refusesAUriWithoutAPort() {
        assertThatThrownBy(() -> TargetCheck.run(config("http://localhost")))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("http://host:port");
    }

    @Test
    void failsAReplicationWithAnErrorThatFlinkDoesNotRestartFrom() {
        milvus.becomeNormalInstance();
        try (TargetClient client = new TargetClient(config(milvus.uri()))) {
            assertThatThrownBy(
                            () ->
                                    client.replicate("ch", 1, 1, List.of(ByteString.EMPTY))
                                            .get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .satisfies(
                            e ->
                                    assertThat(ThrowableClassifier.getThrowableType(e.getCause()))
                                            .isEqualTo(ThrowableType.NonRecoverableError));
        }
    }

    @Test
    void showsNoSecretInItsText() {
        assertThat(config("http://root:secret@host:1"))
                .asString()
                .isEqualTo("Milvus http://host:1");
    }

    private static TargetConfig config(String uri) {
        return TargetConfig.of(uri, "root:secret", Duration.ofSeconds(5));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.ReplicateMessageRequest;
import io.milvus.grpc.ReplicateMessageResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TargetConnectionTest {

    @Test
    void aCallThatEndsWithoutAnAnswerMayBeMadeAgain() throws Exception {
        Server mute = endsCallsWithoutAnAnswer();
        try (TargetClient client =
                new TargetClient(
                        TargetConfig.of(
                                "http://127.0.0.1:" + mute.getPort(), "", Duration.ofSeconds(5)))) {
            ExecutionException failure =
                    catchThrowableOfType(
                            ExecutionException.class,
                            () ->
                                    client.replicate("ch", 1, 1, List.of())
                                            .get(10, TimeUnit.SECONDS));

            assertThat(failure.getCause())
                    .isInstanceOfSatisfying(
                            TargetException.class,
                            e -> assertThat(e.kind()).isEqualTo(TargetException.Kind.RETRY))
                    .hasMessageContaining("no answer");
        } finally {
            mute.shutdownNow();
        }
    }

    /** Only a method that may answer any number of times lets a server do that. */
    private static Server endsCallsWithoutAnAnswer() throws IOException {
        MethodDescriptor<ReplicateMessageRequest, ReplicateMessageResponse> any =
                MilvusServiceGrpc.getReplicateMessageMethod().toBuilder()
                        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                        .build();
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(
                        ServerServiceDefinition.builder(MilvusServiceGrpc.SERVICE_NAME)
                                .addMethod(
                                        any,
                                        ServerCalls.asyncServerStreamingCall(
                                                (request, answers) -> answers.onCompleted()))
                                .build())
                .build()
                .start();
    }
}

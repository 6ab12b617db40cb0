// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.ReplicateMessageRequest;
import io.milvus.grpc.ReplicateMessageResponse;
import io.milvuscdc.connectors.tls.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

    @Test
    void aRunningJobDoubtsARefusedLoginAndACheckDoesNot() throws Exception {
        Server refusing = refusesTheLogin();
        TargetConfig config =
                new TargetConfig(
                        "http://127.0.0.1:" + refusing.getPort(),
                        "root:password",
                        TlsConfig.SYSTEM,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        1);
        try (TargetClient job = TargetClient.ofJob(config, CallListener.NONE);
                TargetClient check = new TargetClient(config)) {
            assertThatThrownBy(job::listDatabases)
                    .isInstanceOfSatisfying(
                            TargetException.class, e -> assertThat(e.unanswered()).isTrue())
                    .isNotInstanceOf(FatalTargetException.class);
            assertThatThrownBy(check::listDatabases)
                    .isInstanceOf(FatalTargetException.class)
                    .hasMessageContaining("check the user and password");
        } finally {
            refusing.shutdownNow();
        }
    }

    @Test
    void aLoginIsWrongWhenItWasRefusedForAMinuteWithoutAnAnswerInBetween() {
        AtomicLong nanos = new AtomicLong(-5);
        LoginDoubt doubt = new LoginDoubt(LoginDoubt.OF_A_JOB, nanos::get);
        assertThat(doubt.isSure()).isFalse();
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(doubt.isSure()).isFalse();
        doubt.answered();
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(doubt.isSure()).as("it counts anew").isFalse();
        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(doubt.isSure()).isTrue();
    }

    private static Server refusesTheLogin() throws IOException {
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(
                        new MilvusServiceGrpc.MilvusServiceImplBase() {
                            @Override
                            public void listDatabases(
                                    ListDatabasesRequest request,
                                    StreamObserver<ListDatabasesResponse> observer) {
                                observer.onError(
                                        Status.UNAUTHENTICATED
                                                .withDescription("auth check failure")
                                                .asRuntimeException());
                            }
                        })
                .build()
                .start();
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

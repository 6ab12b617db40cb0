// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.ReplicateMessageResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A simulated standby target, in a process of its own: answers each {@code ReplicateMessage} the
 * same time after it has arrived, however large it is and however many are under way, and tells by
 * {@code GetMetrics} how much has come. It keeps nothing. Metadata is what {@link TargetMetadata}
 * says.
 */
public final class DelayingTarget {

    private static final int MAX_MESSAGE_BYTES = 256 << 20;
    private static final long LEAST_KEEPALIVE_SECONDS = 5;

    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    work -> {
                        Thread thread = new Thread(work, "answers");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final AtomicReference<TargetCounts> arrived =
            new AtomicReference<>(new TargetCounts(0, 0, 0, 0));
    private final long delayMillis;

    private DelayingTarget(long delayMillis) {
        this.delayMillis = delayMillis;
    }

    /**
     * Serves until it is killed.
     *
     * @param args port on loopback, delay in milliseconds, the sources' numbers of pchannels
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<SourceLayout> layouts =
                Arrays.stream(args)
                        .skip(2)
                        .map(number -> new SourceLayout(Integer.parseInt(number)))
                        .toList();
        DelayingTarget target = new DelayingTarget(Long.parseLong(args[1]));
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(),
                                        Integer.parseInt(args[0])))
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .permitKeepAliveTime(LEAST_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        // nothing here blocks
                        .directExecutor()
                        .addService(
                                target.service(new TargetMetadata(layouts, target.arrived::get)))
                        .build()
                        .start();
        server.awaitTermination();
    }

    private ServerServiceDefinition service(TargetMetadata metadata) {
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(MilvusServiceGrpc.SERVICE_NAME);
        String replicate = MilvusServiceGrpc.getReplicateMessageMethod().getFullMethodName();
        for (ServerMethodDefinition<?, ?> method : metadata.bindService().getMethods()) {
            if (!method.getMethodDescriptor().getFullMethodName().equals(replicate)) {
                service.addMethod(method);
            }
        }
        return service.addMethod(
                        MethodDescriptor.<TargetCounts, ReplicateMessageResponse>newBuilder()
                                .setType(MethodDescriptor.MethodType.UNARY)
                                .setFullMethodName(replicate)
                                .setRequestMarshaller(new ArrivedRequest())
                                .setResponseMarshaller(
                                        MilvusServiceGrpc.getReplicateMessageMethod()
                                                .getResponseMarshaller())
                                .build(),
                        ServerCalls.asyncUnaryCall(this::replicate))
                .build();
    }

    private void replicate(TargetCounts request, StreamObserver<ReplicateMessageResponse> answer) {
        TargetCounts now = arrived.accumulateAndGet(request, TargetCounts::plus);
        ReplicateMessageResponse response =
                ReplicateMessageResponse.newBuilder()
                        .setPosition(
                                Base64.getEncoder()
                                        .encodeToString(
                                                Long.toString(now.requests())
                                                        .getBytes(StandardCharsets.UTF_8)))
                        .build();
        var unused =
                clock.schedule(
                        () -> {
                            answer.onNext(response);
                            answer.onCompleted();
                        },
                        delayMillis,
                        TimeUnit.MILLISECONDS);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.milvus.grpc.GetMetricsRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.ServerProcess;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A {@link DelayingTarget} as a child process. Used by one thread. */
final class SimulatedTarget implements AutoCloseable {

    private final ServerProcess process;
    private final int port;
    private final long delayMillis;
    private final ManagedChannel channel;

    private SimulatedTarget(ServerProcess process, int port, long delayMillis) {
        this.process = process;
        this.port = port;
        this.delayMillis = delayMillis;
        this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /** Starts one with this JVM's class path and returns when it answers. */
    static SimulatedTarget start(
            FreePorts ports, Path directory, long delayMillis, List<SourceLayout> layouts) {
        int port = ports.next();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-XX:+UseSerialGC",
                                "-cp",
                                classPath(),
                                DelayingTarget.class.getName(),
                                Integer.toString(port),
                                Long.toString(delayMillis)));
        layouts.forEach(layout -> command.add(Integer.toString(layout.pchannels())));
        ServerProcess process = new ServerProcess("target", directory, command, Map.of());
        process.start();
        SimulatedTarget target = new SimulatedTarget(process, port, delayMillis);
        process.awaitReady(Await.PATIENCE, () -> target.counts().requests() >= 0);
        return target;
    }

    /** This JVM's, from whatever directory it is used. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    String uri() {
        return "http://127.0.0.1:" + port;
    }

    long delayMillis() {
        return delayMillis;
    }

    long pid() {
        return process.pid();
    }

    TargetCounts counts() {
        return TargetCounts.parse(
                MilvusServiceGrpc.newBlockingStub(channel)
                        .getMetrics(GetMetricsRequest.getDefaultInstance())
                        .getResponse());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.close();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.chaos;

import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.queue.QueuedMessage;
import io.milvuscdc.e2e.queue.TargetTail;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.SourceQueue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A real pair, the source on either queue, and one control plane after the other. */
final class ChaosServers implements AutoCloseable {

    private final Path directory;
    private final MilvusPair pair;
    private ControlPlane plane;

    /** Starts the pair, with {@code kafka} or {@code pulsar} as the source's queue. */
    ChaosServers(String name, String queue) {
        directory = ServerDirectory.of(name + "-" + queue);
        SourceQueue broker =
                queue.equals("pulsar") ? SourceQueue.KEEPING_PULSAR : SourceQueue.named(queue);
        pair = MilvusPair.start(ServerCache.fetchFor(broker), directory, broker);
    }

    /** Starts a control plane on what one before has left, with settings of its own. */
    void startPlane(Map<String, String> replication) {
        stopPlane();
        plane =
                ControlPlane.start(
                        new FreePorts(),
                        directory.resolve("cdc"),
                        pair.source(),
                        replication,
                        Map.of());
    }

    MilvusPair pair() {
        return pair;
    }

    ControlPlane plane() {
        return plane;
    }

    /**
     * Crashes the control plane while rows go on changing at the source.
     *
     * @param how which crashes, of those that there are
     */
    Crashes crash(ChaosWorkload workload, long seed, Consumer<Crashes> how) {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> trickle = CompletableFuture.runAsync(() -> workload.trickle(stop));
        try (TargetTail tail =
                new TargetTail(pair.kafka().bootstrapServers(), pair.target().options().name())) {
            Crashes crashes = new Crashes(plane, pair.broker(), workload, tail, new Random(seed));
            how.accept(crashes);
            return crashes;
        } finally {
            stop.set(true);
            trickle.join();
        }
    }

    /** All that the source's pchannels hold. */
    Map<String, List<QueuedMessage>> queuedAtSource() {
        return queued(pair.broker().queue(), pair.source().options().name());
    }

    /** All that the target's pchannels hold. */
    Map<String, List<QueuedMessage>> queuedAtTarget() {
        return queued(pair.kafka().queue(), pair.target().options().name());
    }

    private static Map<String, List<QueuedMessage>> queued(MessageQueue queue, String cluster) {
        try (QueueReader reader = QueueReader.of(queue)) {
            return reader.readAll(cluster);
        }
    }

    private void stopPlane() {
        if (plane != null) {
            plane.close();
        }
    }

    @Override
    public void close() {
        try (pair) {
            stopPlane();
        }
    }
}

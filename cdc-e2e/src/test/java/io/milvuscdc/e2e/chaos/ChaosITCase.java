// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparer.Copies;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.queue.ExactlyOnceChecker;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.queue.QueuedMessage;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.PulsarServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.SourceQueue;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ParameterizedClass
@ValueSource(strings = {"kafka", "pulsar"})
final class ChaosITCase {

    private static final Duration FIRST_EQUAL = Duration.ofMinutes(1);
    private static final Duration CAUGHT_UP = Duration.ofMinutes(2);

    /** One that comes back from a kill, and keeps what the check reads in the end. */
    private static final SourceQueue PULSAR =
            SourceQueue.of(
                    PulsarServer.Options.of(PulsarServer.Options.NEW)
                            .with("defaultRetentionTimeInMinutes", -1)
                            .with("defaultRetentionSizeInMB", -1));

    private final long seed = Long.getLong("milvuscdc.test.seed", 1);

    @Parameter String queue;

    private MilvusPair pair;
    private ControlPlane plane;

    @BeforeParameterizedClassInvocation
    void startServers() {
        Path directory = ServerDirectory.of("chaos-" + queue);
        SourceQueue broker = queue.equals("pulsar") ? PULSAR : SourceQueue.named(queue);
        pair = MilvusPair.start(ServerCache.fetchFor(broker), directory, broker);
        plane =
                ControlPlane.start(
                        new FreePorts(),
                        directory.resolve("cdc"),
                        pair.source(),
                        Map.of(),
                        Map.of());
    }

    @AfterParameterizedClassInvocation
    void stopServers() {
        if (plane != null) {
            plane.close();
        }
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    void catchesUpExactlyOnceThroughKillsAndHalts() throws Exception {
        try (MilvusSession session = MilvusSession.open(pair.source().uri());
                MilvusReader source = MilvusReader.ofSource(pair.source().uri());
                MilvusReader target = MilvusReader.ofTarget(pair.target().uri())) {
            CdcClient cdc = new CdcClient(plane.apiUrl());
            String task = cdc.createForEverything(pair.target().uri(), false);
            ChaosWorkload workload = new ChaosWorkload(session);
            workload.prepare();
            assertEqual(source, target, Copies.NONE, FIRST_EQUAL);
            // a JVM that ends in good order on SIGTERM says 143
            assertThat(plane.stop()).isIn(0, 143);
            workload.writeAll();

            Crashes crashes = crash(workload);

            crashes.startForGood();
            // Pulsar was killed, too
            Copies copies = queue.equals("pulsar") ? Copies.AT_SOURCE : Copies.NONE;
            assertEqual(source, target, copies, CAUGHT_UP);
            assertThat(cdc.state(task)).isEqualTo("Running");
            assertThat(target.collection("default", ChaosWorkload.COLLECTION, false).count())
                    .contains((long) ChaosWorkload.ROWS);
            report(crashes);
        }
    }

    private static void assertEqual(
            MilvusReader source, MilvusReader target, Copies copies, Duration bound) {
        ContentComparison comparison = ContentComparer.awaitEqual(source, target, copies, bound);
        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.notCompared()).isEmpty();
    }

    /** Crashes the control plane while rows go on changing at the source. */
    private Crashes crash(ChaosWorkload workload) {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> trickle = CompletableFuture.runAsync(() -> workload.trickle(stop));
        try (TargetTail tail =
                new TargetTail(pair.kafka().bootstrapServers(), pair.target().options().name())) {
            Crashes crashes = new Crashes(plane, pair.broker(), workload, tail, new Random(seed));
            crashes.all();
            return crashes;
        } finally {
            stop.set(true);
            trickle.join();
        }
    }

    private void report(Crashes crashes) {
        Map<String, List<QueuedMessage>> atSource;
        Map<String, List<QueuedMessage>> atTarget;
        try (QueueReader source = QueueReader.of(pair.broker().queue());
                QueueReader target = QueueReader.of(pair.kafka().queue())) {
            atSource = source.readAll(pair.source().options().name());
            atTarget = target.readAll(pair.target().options().name());
        }
        ExactlyOnceVerdict verdict = ExactlyOnceChecker.check(atSource, atTarget);
        System.out.printf(
                "Chaos on %s, seed %d: %d kills, %d halts (%s); %s; %s%n",
                queue,
                seed,
                crashes.kills(),
                crashes.halts(),
                String.join(", ", crashes.log()),
                verdict,
                CatchUpRun.longest(crashes.starts(), atTarget.values()));
        assertThat(verdict.findings()).as("%s", verdict).isEmpty();
        assertThat(crashes.kills()).isGreaterThanOrEqualTo(5);
        assertThat(crashes.halts()).isEqualTo(3);
        assertThat(crashes.twoWithinACheckpoint()).isTrue();
    }
}

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
import io.milvuscdc.e2e.queue.QueuedMessage;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private static final Duration FIRST_EQUAL = Await.PATIENCE;
    private static final Duration CAUGHT_UP = Await.PATIENCE;

    private final long seed = Long.getLong("milvuscdc.test.seed", 1);

    @Parameter String queue;

    private ChaosServers servers;

    @BeforeParameterizedClassInvocation
    void startServers() {
        servers = new ChaosServers("chaos", queue);
        servers.startPlane(Map.of());
    }

    @AfterParameterizedClassInvocation
    void stopServers() {
        if (servers != null) {
            servers.close();
        }
    }

    @Test
    void catchesUpExactlyOnceThroughKillsAndHalts() throws Exception {
        try (MilvusSession session = MilvusSession.open(servers.pair().source().uri());
                MilvusReader source = MilvusReader.ofSource(servers.pair().source().uri());
                MilvusReader target = MilvusReader.ofTarget(servers.pair().target().uri())) {
            CdcClient cdc = new CdcClient(servers.plane().apiUrl());
            String task = cdc.createForEverything(servers.pair().target().uri(), false);
            ChaosWorkload workload = new ChaosWorkload(session);
            workload.prepare();
            assertEqual(source, target, Copies.NONE, FIRST_EQUAL);
            // a JVM that ends in good order on SIGTERM says 143
            assertThat(servers.plane().stop()).isIn(0, 143);
            workload.writeAll();

            Crashes crashes = servers.crash(workload, seed, Crashes::all);

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

    private void report(Crashes crashes) {
        Map<String, List<QueuedMessage>> atTarget = servers.queuedAtTarget();
        ExactlyOnceVerdict verdict = ExactlyOnceChecker.check(servers.queuedAtSource(), atTarget);
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

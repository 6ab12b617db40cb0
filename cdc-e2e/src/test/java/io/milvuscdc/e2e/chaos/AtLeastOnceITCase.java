// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparer.Copies;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.queue.ExactlyOnceChecker;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Fault;
import io.milvuscdc.e2e.queue.QueuedMessage;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * At-least-once through kills: rows may be there twice, which {@code count(*)} shows, but none is
 * missing, no tick goes back, and by primary key the target ends equal, with a collection that is
 * made again among them. The task comes from exactly-once and goes back to it. On Kafka: what
 * differs is the sink, not how the source reads.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AtLeastOnceITCase {

    private static final Duration BOUND = Await.PATIENCE;
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(2);

    /**
     * It has one or two, those of the checkpoints at either end, and as many again after a halt.
     */
    private static final long MOST_TICKS_OF_EXACTLY_ONCE = 4;

    private static final String AGAIN = "made_again";

    private final long seed = Long.getLong("milvuscdc.test.seed", 1);
    private final CollectionSchema schema = SampleSchemas.small(8);

    private ChaosServers servers;

    @BeforeAll
    void startServers() {
        servers = new ChaosServers("at-least-once", "kafka");
    }

    @AfterAll
    void stopServers() {
        if (servers != null) {
            servers.close();
        }
    }

    private void startPlane(String guarantee) {
        servers.startPlane(
                Map.of(
                        "deliveryGuarantee",
                        guarantee,
                        "checkpointInterval",
                        CHECKPOINT_INTERVAL.toMillis() + "ms"));
    }

    @Test
    void nothingIsMissingAndNoTickGoesBackThroughKills() throws Exception {
        try (MilvusSession session = MilvusSession.open(servers.pair().source().uri());
                MilvusReader source = MilvusReader.ofSource(servers.pair().source().uri());
                MilvusReader target = MilvusReader.ofTarget(servers.pair().target().uri())) {
            startPlane("exactly-once");
            String task = createTask();
            ChaosWorkload workload = new ChaosWorkload(session);
            workload.prepare();
            make(session, AGAIN, 0);
            assertEqual(source, target, Copies.NONE);
            startPlane("at-least-once");
            servers.plane().process().kill9();
            session.dropCollection(AGAIN);
            make(session, AGAIN, 7);

            Crashes crashes = servers.crash(workload, seed, Crashes::aFew);

            crashes.startForGood();
            servers.plane().awaitReady();
            assertEqual(source, target, Copies.AT_TARGET);
            // everything may be equal before the job has run for as long as a checkpoint's interval
            Await.until(
                    "more ticks within a checkpoint's interval than exactly-once has",
                    Await.PATIENCE,
                    () ->
                            mostTicksWithinACheckpoint(servers.queuedAtTarget())
                                    > MOST_TICKS_OF_EXACTLY_ONCE);
            startPlane("exactly-once");
            make(session, "made_last", 3);
            assertEqual(source, target, Copies.AT_TARGET);
            assertThat(new CdcClient(servers.plane().apiUrl()).state(task)).isEqualTo("Running");
            assertNothingMissing(crashes);
        }
    }

    private String createTask() throws Exception {
        return new CdcClient(servers.plane().apiUrl())
                .createForEverything(servers.pair().target().uri(), false);
    }

    private void make(MilvusSession session, String name, int version) {
        session.createCollection(name, schema, MilvusSession.CollectionSettings.plain());
        session.indexVectors(name);
        session.load(name);
        session.insert(name, new SampleRows(schema, 0, 1_000, version));
    }

    private static void assertEqual(MilvusReader source, MilvusReader target, Copies copies) {
        ContentComparison comparison = ContentComparer.awaitEqual(source, target, copies, BOUND);
        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.notCompared()).isEmpty();
    }

    private void assertNothingMissing(Crashes crashes) {
        Map<String, List<QueuedMessage>> atTarget = servers.queuedAtTarget();
        ExactlyOnceVerdict verdict = ExactlyOnceChecker.check(servers.queuedAtSource(), atTarget);
        long ticks = mostTicksWithinACheckpoint(atTarget);
        System.out.printf(
                "At-least-once, seed %d: %s; %s; %d windows, up to %d within a checkpoint's interval%n",
                seed, String.join(", ", crashes.log()), verdict, verdict.windows(), ticks);
        assertThat(ticks)
                .as("ticks ahead of their checkpoint")
                .isGreaterThan(MOST_TICKS_OF_EXACTLY_ONCE);
        assertThat(verdict.faults()).as("%s", verdict).isSubsetOf(Fault.LATE, Fault.DOUBLED);
        assertThat(crashes.kills()).isEqualTo(2);
        assertThat(crashes.halts()).isEqualTo(1);
    }

    /** Exactly-once has one or two: those of the checkpoints at either end. */
    private static long mostTicksWithinACheckpoint(Map<String, List<QueuedMessage>> target) {
        long most = 0;
        for (List<QueuedMessage> pchannel : target.values()) {
            NavigableMap<Long, Long> times = new TreeMap<>();
            pchannel.stream()
                    .filter(QueuedMessage::isTick)
                    .forEach(m -> times.putIfAbsent(m.timestamp(), m.appendMillis()));
            for (long from : times.values()) {
                long within = from + CHECKPOINT_INTERVAL.toMillis();
                most =
                        Math.max(
                                most,
                                times.values().stream()
                                        .filter(at -> at >= from && at < within)
                                        .count());
            }
        }
        return most;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparer.Copies;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ServerException;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Strikes a replication with one fault after the other while several writers go on, in the order
 * and at the moments that a seed decides, and then compares source and target: by content, and by
 * what stands in their queues.
 */
public final class FaultRun implements AutoCloseable {

    private static final Duration VISIBLE_BOUND = Await.PATIENCE;
    private static final Duration EQUAL_BOUND = Await.PATIENCE;
    private static final int CALM_MILLIS = 3_000;

    private final FaultedReplication replication;
    private final MilvusSession session;
    private final MixedWorkload workload;
    private final TickWatch ticks;
    private final Random random;
    private final List<FaultResult> results = new ArrayList<>();

    private FaultRun(FaultedReplication replication, long seed) {
        this.replication = replication;
        this.random = new Random(seed);
        this.ticks = new TickWatch(replication.pair());
        this.session = MilvusSession.open(replication.pair().source().uri());
        this.workload = new MixedWorkload(session, seed);
    }

    /** Starts servers below {@code target/servers/name}, a task, and prepares the workload. */
    public static FaultRun start(String name, Setting setting, long seed) {
        FaultedReplication replication = FaultedReplication.start(name, setting);
        try {
            return new FaultRun(replication, seed);
        } catch (RuntimeException e) {
            replication.close();
            throw e;
        }
    }

    /**
     * Every fault once that doesn't make a Milvus start again.
     *
     * @param hold how long those last that don't pass by themselves
     * @throws ServerException when the task has paused, or the target shows nothing new in time
     */
    public void faultsBesideMilvus(Duration hold) throws Exception {
        strike(Faults.besideMilvus(replication.setting()), hold);
    }

    /** As above, but the kills of both Milvus: see {@link #isContentComparable}. */
    public void killsOfMilvus(Duration hold) throws Exception {
        strike(Faults.ofMilvus(), hold);
    }

    private void strike(List<Fault> inOrder, Duration hold) throws Exception {
        List<Fault> faults = new ArrayList<>(inOrder);
        Collections.shuffle(faults, random);
        workload.start();
        try {
            ticks.untilVisible(VISIBLE_BOUND);
            for (Fault fault : faults) {
                results.add(strike(fault, hold));
            }
        } finally {
            workload.stop();
        }
    }

    private FaultResult strike(Fault fault, Duration hold) throws Exception {
        Await.pause(Duration.ofMillis(random.nextInt(CALM_MILLIS)));
        LogWatch log = new LogWatch(replication.log());
        long begin = System.nanoTime();
        fault.begin().on(replication);
        if (fault.lasts()) {
            Await.pause(hold);
        }
        fault.end().on(replication);
        Duration lasted = Duration.ofNanos(System.nanoTime() - begin);
        try {
            Duration visible = ticks.untilVisible(VISIBLE_BOUND);
            FaultResult result =
                    new FaultResult(fault.name(), lasted, stateOf(), log.lastTrouble(), visible);
            System.out.printf("%s%n", result);
            return result;
        } catch (ServerException e) {
            throw new ServerException(
                    "after fault «%s», task %s: %s"
                            .formatted(fault.name(), stateOf(), log.lastTrouble()),
                    e);
        }
    }

    private String stateOf() {
        String state = replication.state();
        return state.equals("Running") ? state : state + " (" + replication.reason() + ")";
    }

    /** Waits until both are equal, as far as they ever get so; nobody may write any more. */
    public ContentComparison compare() {
        String source = replication.pair().source().uri();
        String target = replication.pair().target().uri();
        // Pulsar is killed, too
        Copies copies = replication.setting().hasPulsar() ? Copies.AT_SOURCE : Copies.NONE;
        try (MilvusReader atSource = MilvusReader.ofSource(source);
                MilvusReader atTarget = MilvusReader.ofTarget(target)) {
            return ContentComparer.awaitEqual(atSource, atTarget, copies, EQUAL_BOUND);
        }
    }

    /**
     * Whether source and target must be equal by content. Not after a Milvus 2.3.5 was started
     * again, which may lose rows that stand in its queue ({@link Faults}).
     */
    public boolean isContentComparable() {
        return replication.milvusRestarts() == 0;
    }

    /** What the queues say of the collections that were there all the time. */
    public ExactlyOnceVerdict verdict() {
        return KeptCollections.check(replication.pair(), SteadyRows.collections());
    }

    /** A table of what was seen, in Markdown. */
    public String table() {
        return FaultTable.of(results);
    }

    /** What was written. */
    public String written() {
        return workload.toString();
    }

    /** What the control plane holds now. */
    String footprint() throws Exception {
        return Footprint.of(replication).toString();
    }

    @Override
    public void close() {
        session.close();
        replication.close();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ServerException;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Strikes a replication with one fault after the other while several writers go on, in the order
 * and at the moments that a seed decides, and then compares source and target: by content, and by
 * what stands in their queues.
 */
final class FaultRun implements AutoCloseable {

    private static final int CALM_MILLIS = 3_000;

    // 64 KiB at a time: a backlog of 5 MB takes at least 8 s then, however fast the machine is
    private static final Duration NARROW = Duration.ofMillis(100);
    private static final int BACKLOG_THOUSANDS = 30;
    private static final String IN_CATCH_UP = ", in a catch-up";

    private final FaultedReplication replication;
    private final MilvusSession session;
    private final MixedWorkload workload;
    private final TickWatch ticks;
    private final Arrival arrival;
    private final Judge judge;
    private final Random random;
    private final List<FaultResult> results = new ArrayList<>();

    private FaultRun(FaultedReplication replication, long seed) {
        this.replication = replication;
        this.random = new Random(seed);
        this.ticks = new TickWatch(replication.pair());
        this.session = MilvusSession.open(replication.pair().source().uri());
        this.workload = new MixedWorkload(session, seed);
        this.arrival = new Arrival(replication);
        this.judge = new Judge(replication, workload);
    }

    /** Starts servers below {@code target/servers/name}, a task, and prepares the workload. */
    static FaultRun start(String name, Setting setting, long seed) {
        FaultedReplication replication = FaultedReplication.start(name, setting);
        try {
            return new FaultRun(replication, seed);
        } catch (RuntimeException e) {
            replication.close();
            throw e;
        }
    }

    /**
     * Faults, each once, in an order and at moments of live traffic that the seed decides.
     *
     * @param hold how long those last that don't pass by themselves
     * @throws ServerException when the task has paused, or the target shows nothing new in time
     */
    void strikeLive(List<Fault> inOrder, Duration hold) throws Exception {
        underLoad(
                inOrder,
                fault -> {
                    Await.pause(Duration.ofMillis(random.nextInt(CALM_MILLIS)));
                    strike(fault, fault.name(), hold);
                });
    }

    /**
     * As above, but each strikes while the task, which was paused, catches up with what was written
     * meanwhile. The way to the target is narrow then, so that it takes its time on any machine.
     */
    void strikeInCatchUp(List<Fault> inOrder, Duration hold) throws Exception {
        underLoad(inOrder, fault -> strikeInCatchUp(fault, hold));
    }

    /** As many of them as there are at most, as the seed decides. */
    List<Fault> some(List<Fault> of, int most) {
        List<Fault> chosen = new ArrayList<>(of);
        Collections.shuffle(chosen, random);
        return chosen.subList(0, Math.min(most, chosen.size()));
    }

    private interface Strike {
        void with(Fault fault) throws Exception;
    }

    private void underLoad(List<Fault> inOrder, Strike strike) throws Exception {
        workload.start();
        try {
            arrival.untilVisible();
            for (Fault fault : some(inOrder, inOrder.size())) {
                strike.with(fault);
            }
        } finally {
            workload.stop();
        }
    }

    private void strikeInCatchUp(Fault fault, Duration hold) throws Exception {
        replication.pause();
        Map<String, MqPosition> before = ticks.ends();
        workload.fill(BACKLOG_THOUSANDS);
        long written = System.currentTimeMillis();
        replication.targetWire().slowDown(NARROW);
        replication.resume();
        // its start takes longer than the pause on some machines, and nothing would be struck
        ticks.awaitRows(before, Await.PATIENCE);
        Await.pause(Duration.ofMillis(random.nextInt(CALM_MILLIS)));
        long struck = System.currentTimeMillis();
        Fault andWiden = fault.thenAtItsEnd(on -> on.targetWire().heal());
        strike(andWiden, fault.name() + IN_CATCH_UP, hold);
        if (ticks.shownAt(before, written).orElse(Long.MAX_VALUE) < struck) {
            throw new ServerException(
                    "the catch-up was over before fault «%s»: it needs a larger backlog"
                            .formatted(fault.name()));
        }
    }

    private void strike(Fault fault, String name, Duration hold) throws Exception {
        replication.revive();
        LogWatch log = new LogWatch(replication.log());
        long begin = System.nanoTime();
        replication.begins(fault);
        fault.begin().on(replication);
        if (fault.lasts()) {
            Await.pause(hold);
        }
        fault.end().on(replication);
        Duration lasted = Duration.ofNanos(System.nanoTime() - begin);
        try {
            Duration visible = arrival.untilVisible();
            // a control plane may end a moment after what it has lost is there again
            replication.revive();
            FaultResult result =
                    new FaultResult(name, lasted, stateOf(), log.lastTrouble(), visible);
            System.out.printf("%s%n", result);
            results.add(result);
        } catch (ServerException e) {
            throw new ServerException(
                    "after fault «%s», task %s: %s".formatted(name, stateOf(), log.lastTrouble()),
                    e);
        }
    }

    private String stateOf() {
        String state = replication.state();
        return state.equals("Running") ? state : state + " (" + replication.reason() + ")";
    }

    /** Judges what is there, once all of it has arrived; nobody may write any more. */
    Judgement judge() {
        return judge.judge(
                results.stream()
                        .map(result -> result.lasted().plus(result.visibleAgain()))
                        .reduce(Duration.ZERO, Duration::plus));
    }

    /** A table of what was seen, in Markdown. */
    String table() {
        return FaultTable.of(results);
    }

    /** What was written. */
    String written() {
        return workload.done().toString();
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

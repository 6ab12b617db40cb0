// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.e2e.queue.TargetTail;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.Broker;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.PulsarServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Starts the control plane and crashes it, again and again, at moments that a seed decides, and
 * once a Pulsar that only the source uses.
 */
final class Crashes {

    private static final Duration BOUND = Await.PATIENCE;
    private static final int HALTED = 137;
    private static final int EARLY_MILLIS = 6_000;
    private static final int MOST_ROWS = 15_000;
    private static final int MOST_TRIES = 4;

    private final ControlPlane plane;
    private final Broker broker;
    private final ChaosWorkload workload;
    private final TargetTail tail;
    private final Random random;
    private final List<String> log = new ArrayList<>();
    private final List<Long> starts = new ArrayList<>();
    private int kills;
    private int halts;
    private int killsWithinACheckpoint;

    Crashes(
            ControlPlane plane,
            Broker broker,
            ChaosWorkload workload,
            TargetTail tail,
            Random random) {
        this.plane = plane;
        this.broker = broker;
        this.workload = workload;
        this.tail = tail;
        this.random = random;
    }

    /** Every kind of crash, in the seed's order; it is down before and after. */
    void all() {
        List<Runnable> rounds =
                new ArrayList<>(
                        List.of(
                                this::killSoonAfterStart,
                                this::killSoonAfterStart,
                                this::killWhileRowsArrive,
                                this::killTwiceWithinACheckpoint,
                                () -> haltAt("BEFORE_TICKS"),
                                () -> haltAt("BETWEEN_TICKS"),
                                () -> haltAt("AFTER_TICKS")));
        if (broker instanceof PulsarServer) {
            // a Kafka is the target's, too: that is another test's subject
            rounds.add(this::killTheBrokerWhileRowsArrive);
        }
        Collections.shuffle(rounds, random);
        rounds.forEach(Runnable::run);
    }

    /** Two kills while rows arrive, and a halt between them. */
    void aFew() {
        killAtTheFirstRows();
        haltAt("AFTER_TICKS");
        killWhenTicksHavePassedRows();
    }

    /** With at-least-once these rows will be shown twice, unless a checkpoint is just complete. */
    private void killWhenTicksHavePassedRows() {
        seeWhatHasArrived();
        long windowsBefore = tail.windows();
        launch();
        pollUntil("a tick has arrived", () -> tail.windows() > windowsBefore);
        long rows = tail.rows();
        pollUntil("rows have arrived", () -> tail.rows() > rows);
        long windows = tail.windows();
        pollUntil("ticks have passed them", () -> tail.windows() >= windows + 8);
        kill("when ticks had passed rows");
    }

    /** While nothing is sent. */
    private void seeWhatHasArrived() {
        long seen;
        do {
            seen = tail.rows() + tail.windows();
            tail.poll();
        } while (tail.rows() + tail.windows() > seen);
    }

    private void killAtTheFirstRows() {
        long before = tail.rows();
        launch();
        pollUntil("rows have arrived", () -> tail.rows() > before);
        kill("at the first rows");
    }

    private void killSoonAfterStart() {
        int millis = random.nextInt(EARLY_MILLIS);
        launch();
        long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        pollUntil("a moment has passed", () -> System.nanoTime() >= until);
        kill("after " + millis + " ms");
    }

    private void killWhileRowsArrive() {
        int wanted = 1 + random.nextInt(MOST_ROWS);
        long before = tail.rows();
        launch();
        pollUntil(wanted + " rows have arrived", () -> tail.rows() - before >= wanted);
        kill("after " + wanted + " rows");
    }

    /** Kills as soon as rows arrive until two kills had no newer tick, hence no commit, between. */
    private void killTwiceWithinACheckpoint() {
        long windowsAtLastKill = -1;
        for (int kill = 0; kill < MOST_TRIES && killsWithinACheckpoint < 2; kill++) {
            killAtTheFirstRows();
            tail.poll();
            killsWithinACheckpoint = tail.windows() == windowsAtLastKill ? 2 : 1;
            windowsAtLastKill = tail.windows();
        }
    }

    /** The control plane outlives its source's broker and goes on when that is there again. */
    private void killTheBrokerWhileRowsArrive() {
        long before = tail.rows();
        launch();
        pollUntil("rows have arrived", () -> tail.rows() > before);
        workload.whileNothingIsWritten(broker::killAndRestart);
        log.add("broker killed and started again");
        seeWhatHasArrived();
        long rows = tail.rows();
        pollUntil("rows have arrived behind the broker's restart", () -> tail.rows() > rows);
        kill("behind the broker's restart");
    }

    private void haltAt(String point) {
        String when = point + ":" + random.nextInt(3);
        launch("-Dmilvuscdc.test.halt=" + when);
        assertThat(plane.process().awaitExit(BOUND)).as("exit code of %s", when).isEqualTo(HALTED);
        halts++;
        log.add("halt " + when);
    }

    private void launch(String... javaOptions) {
        starts.add(System.currentTimeMillis());
        plane.launch(javaOptions);
    }

    private void kill(String when) {
        plane.process().kill9();
        kills++;
        log.add("kill " + when);
    }

    private void pollUntil(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() < deadline)
                    .as("%s, in time; log: %s", what, plane.process().log())
                    .isTrue();
            assertThat(plane.process().isAlive())
                    .as("the control plane runs; log: %s", plane.process().log())
                    .isTrue();
            tail.poll();
        }
    }

    /** Starts it for good: nothing crashes it any more. */
    void startForGood() {
        launch();
    }

    /** When it was started each time, in milliseconds since 1970. */
    List<Long> starts() {
        return starts;
    }

    int kills() {
        return kills;
    }

    int halts() {
        return halts;
    }

    /** Whether two kills in a row had no commit between them. */
    boolean twoWithinACheckpoint() {
        return killsWithinACheckpoint == 2;
    }

    /** What was done, in order. */
    List<String> log() {
        return log;
    }
}

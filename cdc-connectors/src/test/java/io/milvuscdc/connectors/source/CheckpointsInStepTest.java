// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.junit.jupiter.api.Test;

class CheckpointsInStepTest {

    private final EnumeratorContextDouble<KafkaPartitionSplit> flink =
            new EnumeratorContextDouble<>();
    private long nowMillis = 1_000_000;
    private final CheckpointsInStep step =
            new CheckpointsInStep(flink, true, () -> TimeUnit.MILLISECONDS.toNanos(nowMillis));

    @Test
    void leavesCheckpointsAloneThatFollowTicks() {
        live(20, 50);

        assertThat(flink.drainBacklog()).isEmpty();
    }

    @Test
    void movesCheckpointsThatComeLongAfterATick() {
        live(5, 150);
        assertThat(flink.drainBacklog()).containsExactly(true);

        // it can still not be moved: Flink has set its time when the one before began
        tick();
        work();
        assertThat(flink.drainBacklog()).isEmpty();
        step.checkpoint();
        nowMillis += 60;
        tick();
        assertThat(flink.drainBacklog()).isEmpty();
        work();
        assertThat(flink.drainBacklog()).containsExactly(false);
    }

    @Test
    void movesCheckpointsThatBeginBeforeEveryTickHasArrived() {
        live(5, 2);

        assertThat(flink.drainBacklog()).containsExactly(true);
    }

    @Test
    void oneThatIsOutOfStepIsChance() {
        live(4, 150);
        live(1, 30);
        live(4, 150);

        assertThat(flink.drainBacklog()).isEmpty();
    }

    @Test
    void doesNothingInACatchUp() {
        for (int i = 0; i < 100; i++) {
            nowMillis += 100;
            tick();
            step.checkpoint();
        }

        assertThat(flink.drainBacklog()).isEmpty();
    }

    @Test
    void doesNothingWithoutTicks() {
        live(1, 50);
        for (int i = 0; i < 100; i++) {
            nowMillis += 400;
            step.checkpoint();
        }

        assertThat(flink.drainBacklog()).isEmpty();
    }

    @Test
    void leavesTheBacklogWhenTicksEndMeanwhile() {
        live(5, 150);
        nowMillis += 400;
        step.checkpoint();
        nowMillis += 800;
        step.checkpoint();

        assertThat(flink.drainBacklog()).containsExactly(true, false);
    }

    @Test
    void triesLessAndLessOften() {
        move();
        assertThat(flink.drainBacklog()).containsExactly(true, false);
        live(10, 150);
        assertThat(flink.drainBacklog()).isEmpty();
        nowMillis += 10_000;
        move();
        assertThat(flink.drainBacklog()).containsExactly(true, false);
        nowMillis += 10_000;
        live(6, 150);
        assertThat(flink.drainBacklog()).isEmpty();
        nowMillis += 10_000;
        move();
        assertThat(flink.drainBacklog()).containsExactly(true, false);
    }

    @Test
    void endsTheBacklogOfAnEnumeratorBefore() {
        step.start();

        assertThat(flink.drainBacklog()).containsExactly(false);
    }

    @Test
    void otherEventsAreNotForIt() {
        assertThat(step.handle(0, new SourceEvent() {})).isFalse();
    }

    private void move() {
        live(6, 150);
        step.checkpoint();
        tick();
        work();
    }

    /** Checkpoints, each so long after a tick. */
    private void live(int checkpoints, long after) {
        for (int i = 0; i < checkpoints; i++) {
            tick();
            nowMillis += 200;
            tick();
            nowMillis += after;
            step.checkpoint();
            nowMillis += 200 - after;
        }
    }

    private void tick() {
        assertThat(step.handle(0, new TickSeen())).isTrue();
    }

    private void work() {
        flink.work();
        flink.coordinate();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a job's checkpoints so that they follow the source's time ticks closely. Milvus sends a
 * tick every {@value #TICK_MILLIS} ms, Flink begins a checkpoint every so many ms, and neither
 * knows of the other: a row that its tick has passed would wait up to {@value #TICK_MILLIS} ms
 * longer than it has to, by chance, and for as long as the job runs.
 *
 * <p>Flink has no way to say when a checkpoint begins, but leaving a backlog (see {@link
 * SplitEnumeratorContext#setIsProcessingBacklog}) begins the interval anew, if the one during a
 * backlog is longer ({@code CheckpointCoordinator} of Flink 1.20). So a job that is out of step
 * enters a "backlog" for one interval, and leaves it shortly after a tick. Nothing else depends on
 * it: at worst a checkpoint comes an interval late.
 *
 * <p>Runs on the coordinator's thread.
 */
public final class CheckpointsInStep {

    /** Milvus' {@code proxy.timeTickInterval}, 2.3 to 2.5. */
    public static final int TICK_MILLIS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointsInStep.class);

    /** A tick's messages arrive on all pchannels within this. */
    private static final Duration SPREAD = Duration.ofMillis(20);

    /** A checkpoint that begins earlier after a tick may miss some pchannel's. */
    private static final long EARLIEST_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(90);

    /** In a catch-up ticks come faster, and from a source in trouble slower. */
    private static final long SHORTEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(140);

    private static final long LONGEST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(260);

    /** One is chance, or a savepoint. */
    private static final int OUT_OF_STEP = 5;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private enum State {
        LOOKING,
        /** The checkpoint after this one is the first that may be moved. */
        AWAITING_CHECKPOINT,
        AWAITING_TICK
    }

    private final SplitEnumeratorContext<?> flink;
    private final boolean inStep;
    private final LongSupplier nanoTime;
    private final Map<Integer, Long> ticks = new HashMap<>(); // newest by reader
    private State state = State.LOOKING;
    private boolean steady;
    private long tick;
    private int outOfStep;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long notBefore;

    CheckpointsInStep(SplitEnumeratorContext<?> flink, boolean inStep, LongSupplier nanoTime) {
        this.flink = flink;
        this.inStep = inStep;
        this.nanoTime = nanoTime;
        this.notBefore = nanoTime.getAsLong();
        this.tick = nanoTime.getAsLong() - LONGEST_TICK_NANOS;
    }

    /**
     * For one life of an enumerator.
     *
     * @param inStep whether there's anything to do: without, no reader tells of ticks
     */
    public static CheckpointsInStep of(SplitEnumeratorContext<?> flink, boolean inStep) {
        return new CheckpointsInStep(flink, inStep, System::nanoTime);
    }

    /** Ends what an enumerator before this one may have begun. To be called when it starts. */
    public void start() {
        if (inStep) {
            flink.setIsProcessingBacklog(false);
        }
    }

    /**
     * To be called with every event of a reader.
     *
     * @return whether it was for this
     */
    public boolean handle(int reader, SourceEvent event) {
        if (!(event instanceof TickSeen)) {
            return false;
        }
        tick = nanoTime.getAsLong();
        Long before = ticks.put(reader, tick);
        steady =
                before != null
                        && tick - before >= SHORTEST_TICK_NANOS
                        && tick - before <= LONGEST_TICK_NANOS;
        if (state == State.AWAITING_TICK) {
            state = State.LOOKING;
            flink.callAsync(
                    () -> {
                        Thread.sleep(SPREAD.toMillis());
                        return true;
                    },
                    (slept, interrupted) -> flink.setIsProcessingBacklog(false));
        }
        return true;
    }

    /** To be called when a checkpoint begins. */
    public void checkpoint() {
        long now = nanoTime.getAsLong();
        switch (state) {
            case LOOKING -> look(now);
            case AWAITING_CHECKPOINT -> state = State.AWAITING_TICK;
            case AWAITING_TICK -> {
                // no tick in an interval: there's nothing to be in step with
                state = State.LOOKING;
                flink.setIsProcessingBacklog(false);
            }
        }
    }

    private void look(long now) {
        long age = now - tick;
        if (!steady || age > LONGEST_TICK_NANOS) {
            outOfStep = 0;
            return;
        }
        outOfStep = age >= EARLIEST_NANOS && age <= LATEST_NANOS ? 0 : outOfStep + 1;
        if (outOfStep >= OUT_OF_STEP && now - notBefore >= 0) {
            LOG.info(
                    "Checkpoints begin {} ms after a tick of the source; they are moved closer to it",
                    TimeUnit.NANOSECONDS.toMillis(age));
            outOfStep = 0;
            notBefore = now + pauseNanos;
            pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
            state = State.AWAITING_CHECKPOINT;
            flink.setIsProcessingBacklog(true);
        }
    }
}

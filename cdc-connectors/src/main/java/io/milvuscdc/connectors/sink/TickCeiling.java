// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.Tso;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Keeps ticks from going back over a crash when they are sent ahead of their checkpoint. Every
 * checkpoint holds a ceiling, and until the next one is complete no tick exceeds it. So whatever
 * checkpoint is restored, no tick above its ceiling was sent, and none below it is sent any more:
 * the rows that are read again in between may be shown twice, but all of them before the next tick.
 *
 * <p>A tick ahead of its checkpoint doesn't pass a drop either: drops are done with a completed
 * checkpoint, in both guarantees. Used by the coordinator's thread.
 */
final class TickCeiling {

    private final Duration margin;
    private final NavigableMap<Long, Unfinished> unfinished = new TreeMap<>();
    private long floor = TickDecision.NONE;
    private long ceiling = TickDecision.NONE;
    private long inForce = TickDecision.NONE;
    private long completed;

    /** What a checkpoint allows once it is complete, and the first drop that waits for that. */
    private record Unfinished(long ceiling, long firstDrop) {}

    /**
     * Without a ceiling at first: before the first checkpoint nothing is allowed.
     *
     * @param margin how far beyond a checkpoint's own tick, in the source's time, ticks may get
     *     until the next is complete; zero when ticks wait for their checkpoint
     */
    TickCeiling(Duration margin) {
        this.margin = margin;
    }

    /** Takes up the ceiling of the checkpoint that is restored. */
    void restore(long restored) {
        floor = Math.max(floor, restored);
        ceiling = Math.max(ceiling, restored);
    }

    /**
     * Before a checkpoint's barrier.
     *
     * @param tick decided for the checkpoint
     * @param firstDrop the smallest timestamp of the drops that it hands on, {@link Long#MAX_VALUE}
     *     for none
     */
    void checkpoint(long checkpointId, long tick, long firstDrop) {
        if (tick != TickDecision.NONE) {
            long highest =
                    margin.isZero()
                            ? tick
                            : Tso.of(Tso.physicalMillis(tick) + margin.toMillis(), 0);
            ceiling = Math.max(ceiling, highest);
        }
        unfinished.put(checkpointId, new Unfinished(ceiling, firstDrop));
    }

    /** What the checkpoint holds. */
    long ceiling() {
        return ceiling;
    }

    /** A checkpoint, and with it all before it, is complete. */
    void complete(long checkpointId) {
        NavigableMap<Long, Unfinished> done = unfinished.headMap(checkpointId, true);
        if (!done.isEmpty()) {
            inForce = done.lastEntry().getValue().ceiling();
            completed = checkpointId;
            done.clear();
        }
    }

    /** The checkpoint completed last in this run, 0 before the first. */
    long completed() {
        return completed;
    }

    /** The tick itself when no run before can have sent a newer one, otherwise none. */
    long notBack(long tick) {
        return tick >= floor ? tick : TickDecision.NONE;
    }

    /**
     * The newest tick that may be sent now, ahead of the next checkpoint.
     *
     * @param decided everything up to here is read and acknowledged
     * @param firstDrop the smallest timestamp of the drops that no checkpoint has handed on yet
     */
    long ahead(long decided, long firstDrop) {
        long drop = firstDrop;
        for (Unfinished checkpoint : unfinished.values()) {
            drop = Math.min(drop, checkpoint.firstDrop());
        }
        return notBack(Math.min(Math.min(decided, inForce), drop - 1));
    }
}

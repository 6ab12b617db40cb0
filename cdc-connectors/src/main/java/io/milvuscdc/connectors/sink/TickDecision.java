// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides which time tick a checkpoint may commit: the largest T such that every source message
 * with a timestamp ≤ T has been read and sent. Not thread-safe.
 *
 * <p>A pchannel with a live collection bounds T by the last tick read from it. One without gets no
 * ticks from Milvus (rootcoord ticks a pchannel only while a collection uses it, {@code
 * dml_channels.go}); it bounds T until everything in it has been read, and is idle from then on.
 * What makes this safe is the order of the questions: the writers' progress is taken first, the
 * live collections are asked for afterwards, and rootcoord writes a collection to etcd before it
 * lets any tick pass the collection's create timestamp ({@code sendMinDdlTsAsTt}). So a collection
 * that isn't seen has no message with a timestamp ≤ any tick that was.
 */
final class TickDecision {

    /** No tick. */
    static final long NONE = 0;

    private static final MqPosition BEGINNING = new MqPosition(0, 0);

    private final Map<String, MqPosition> starts;
    private final Map<String, ChannelProgress> progress = new TreeMap<>();

    /** Where a pchannel stood when it was found to be idle. */
    private final Map<String, MqPosition> idleAt = new HashMap<>();

    /**
     * What a pchannel that was idle, or new, before its present collections can't hold messages up
     * to.
     */
    private final Map<String, Long> floors = new HashMap<>();

    private long last = NONE;
    private long read = NONE;

    /** At the last decision nothing was live, everything was read, and nothing came since. */
    private boolean drained;

    /**
     * Starts without any progress.
     *
     * @param starts by pchannel, the first position that belongs to the task; a pchannel that isn't
     *     in it is younger than the task
     */
    TickDecision(Map<String, MqPosition> starts) {
        this.starts = Map.copyOf(starts);
    }

    /** Asks the broker for the ends of all pchannels. */
    @FunctionalInterface
    interface Ends {
        Map<String, MqPosition> ask() throws IOException;
    }

    /** Takes up what a checkpoint held. */
    void restore(Map<String, ChannelProgress> restored, long lastTick) {
        restored.forEach(this::report);
        last = Math.max(last, lastTick);
    }

    /** Takes in what a writer says of a pchannel. */
    void report(String pchannel, ChannelProgress reported) {
        drained = false;
        progress.merge(pchannel, reported, ChannelProgress::max);
    }

    Map<String, ChannelProgress> progress() {
        return progress;
    }

    /** The tick decided last, {@link #NONE} before the first. */
    long last() {
        return last;
    }

    /**
     * Every message up to here had been read at the last decision, though some may wait unsent. At
     * least {@link #last}.
     */
    long read() {
        return Math.max(read, last);
    }

    /**
     * Whether at the last decision nothing was live at the source and everything was read. It sends
     * no tick then that could say so.
     */
    boolean isDrained() {
        return drained;
    }

    /**
     * As {@link #read()}, of a source whose last collection may be dropped: then no tick follows
     * that would reach the drop. Once everything is read and nothing is live, all that was read
     * counts: what is written later gets greater timestamps.
     *
     * @param lastDrop the greatest timestamp of a drop that was read
     */
    long read(long lastDrop) {
        return drained ? Math.max(read(), lastDrop) : read();
    }

    /**
     * Decides on what was reported so far.
     *
     * @param minUnsent the smallest timestamp of a message that was read but not sent
     * @param live asked for after the progress was reported: pchannel to the smallest create
     *     timestamp of its live collections
     * @param ends asked only when a pchannel without a live collection isn't known to be idle
     * @return the tick to commit; never smaller than the one before
     */
    long decide(long minUnsent, Map<String, Long> live, Ends ends) throws IOException {
        drained = false;
        long tick = Long.MAX_VALUE;
        Map<String, MqPosition> endsNow = null;
        Set<String> pchannels = new TreeSet<>(progress.keySet());
        pchannels.addAll(starts.keySet());
        pchannels.addAll(live.keySet());
        for (String pchannel : pchannels) {
            Long firstCreateTs = live.get(pchannel);
            if (firstCreateTs != null) {
                tick = Math.min(tick, boundOfLive(pchannel, firstCreateTs));
            } else if (!next(pchannel).equals(idleAt.get(pchannel))) {
                endsNow = endsNow == null ? ends.ask() : endsNow;
                tick = Math.min(tick, boundOfUnused(pchannel, endsNow.get(pchannel)));
            }
        }
        drained = tick == Long.MAX_VALUE;
        if (!drained) {
            read = Math.max(read, tick);
        }
        if (minUnsent != Long.MAX_VALUE) {
            tick = Math.min(tick, minUnsent - 1);
        }
        if (tick != Long.MAX_VALUE) {
            last = Math.max(last, tick);
        }
        return last;
    }

    private long boundOfLive(String pchannel, long firstCreateTs) {
        boolean wasIdle = idleAt.remove(pchannel) != null;
        boolean isNew = !starts.containsKey(pchannel) && !progress.containsKey(pchannel);
        if (wasIdle || isNew) {
            floors.put(pchannel, firstCreateTs - 1);
        }
        return Math.max(tick(pchannel), floors.getOrDefault(pchannel, NONE));
    }

    private long boundOfUnused(String pchannel, MqPosition end) {
        if (end == null || end.compareTo(next(pchannel)) <= 0) {
            idleAt.put(pchannel, next(pchannel));
            floors.remove(pchannel);
            return Long.MAX_VALUE;
        }
        return tick(pchannel);
    }

    private long tick(String pchannel) {
        ChannelProgress known = progress.get(pchannel);
        return known == null ? NONE : known.tick();
    }

    private MqPosition next(String pchannel) {
        ChannelProgress known = progress.get(pchannel);
        return known == null ? starts.getOrDefault(pchannel, BEGINNING) : known.next();
    }
}

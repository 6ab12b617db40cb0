// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.MqPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Where the time ticks of the source's channels lie, as far back as the last committed one: what
 * turns "everything up to tick T is committed" into a position per channel. A channel that is read
 * ahead of the others has its mark for T long before T is committed. Not thread-safe.
 */
final class TickMarks {

    /**
     * While no tick can be committed for hours, marks are thinned out beyond this many per channel
     * ({@value}: 50 s of ticks, more than one pchannel is let ahead of the others). Of a channel
     * that was, a position can be one that lies too far back, until the next commit.
     */
    static final int MAX_PER_CHANNEL = 256;

    private final Map<String, List<TickMark>> channels = new TreeMap<>();

    /** Notes a tick. One that isn't newer than the one before is ignored, as the target does. */
    void add(String channel, long tick, MqPosition at) {
        List<TickMark> marks = channels.computeIfAbsent(channel, name -> new ArrayList<>());
        if (!marks.isEmpty() && marks.get(marks.size() - 1).tick() >= tick) {
            return;
        }
        marks.add(new TickMark(tick, at));
        if (marks.size() > MAX_PER_CHANNEL) {
            thinOut(marks);
        }
    }

    /**
     * Notes a message of a channel without ticks. One that has no timestamp belongs to the one
     * before it.
     */
    void addOperation(String channel, long timestamp, MqPosition at) {
        List<TickMark> marks = channels.computeIfAbsent(channel, name -> new ArrayList<>());
        TickMark last = marks.isEmpty() ? null : marks.get(marks.size() - 1);
        if (last != null && timestamp <= last.tick()) {
            marks.set(marks.size() - 1, new TickMark(last.tick(), at));
        } else {
            add(channel, timestamp, at);
        }
    }

    /** The oldest and the newest stay. */
    private static void thinOut(List<TickMark> marks) {
        List<TickMark> kept = new ArrayList<>();
        for (int i = 0; i < marks.size(); i += 2) {
            kept.add(marks.get(i));
        }
        if (marks.size() % 2 == 0) {
            kept.add(marks.get(marks.size() - 1));
        }
        marks.clear();
        marks.addAll(kept);
    }

    /**
     * Takes in what a writer, or a checkpoint, has noted.
     *
     * @param replicateChannel the one without ticks
     */
    void addAll(Map<String, List<TickMark>> noted, String replicateChannel) {
        noted.forEach(
                (channel, marks) -> {
                    for (TickMark mark : marks) {
                        if (channel.equals(replicateChannel)) {
                            addOperation(channel, mark.tick(), mark.at());
                        } else {
                            add(channel, mark.tick(), mark.at());
                        }
                    }
                });
    }

    /**
     * Makes marks of the ticks that a channel has noted: a tick that unsettled messages may stand
     * before counts as one of their timestamps.
     *
     * @param upTo the greatest timestamp of a message that was read from a channel but isn't at the
     *     target, or less than all ticks if there's none
     */
    void raise(ToLongFunction<String> upTo) {
        channels.forEach(
                (channel, marks) -> {
                    long least = upTo.applyAsLong(channel);
                    marks.replaceAll(mark -> new TickMark(Math.max(mark.tick(), least), mark.at()));
                });
    }

    /** Forgets all but the newest mark at or before a committed tick, and the later ones. */
    void committed(long tick) {
        for (List<TickMark> marks : channels.values()) {
            int reached = 0;
            while (reached + 1 < marks.size() && marks.get(reached + 1).tick() <= tick) {
                reached++;
            }
            marks.subList(0, reached).clear();
        }
    }

    /** A copy, by channel in the order of ticks. */
    Map<String, List<TickMark>> all() {
        Map<String, List<TickMark>> copy = new TreeMap<>();
        channels.forEach((channel, marks) -> copy.put(channel, List.copyOf(marks)));
        return copy;
    }

    /** {@link #all}, and forgets them. */
    Map<String, List<TickMark>> drain() {
        Map<String, List<TickMark>> drained = all();
        channels.clear();
        return drained;
    }
}

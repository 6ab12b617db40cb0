// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long inserted rows take to be visible: from the broker's append of the row at the source to
 * its append of the first tick at the target that shows the row. Both times are the broker's, so
 * one broker, or brokers with one clock, and topics with {@code LogAppendTime} are needed. On
 * Pulsar the first time is that of the sender, a little earlier.
 */
public final class VisibleLag {

    /**
     * Rows of one message.
     *
     * @param written when the source's broker appended them, in milliseconds since 1970
     * @param visible when the target's broker appended the tick that shows them
     */
    private record Shown(long written, long visible, long rows) {

        long lag() {
            return visible - written;
        }
    }

    private final List<Shown> fastestFirst;

    private VisibleLag(List<Shown> fastestFirst) {
        this.fastestFirst = fastestFirst;
    }

    /**
     * Of the rows that the source's broker appended at or after a time.
     *
     * @throws QueueReadException when one of them isn't visible at the target
     */
    public static VisibleLag of(
            Map<String, List<QueuedMessage>> source,
            Map<String, List<QueuedMessage>> target,
            long sinceMillis) {
        Map<Long, QueuedMessage> shown = new HashMap<>();
        target.values().forEach(pchannel -> collectTicks(pchannel, shown));
        List<Shown> all = new ArrayList<>();
        for (List<QueuedMessage> pchannel : source.values()) {
            for (QueuedMessage message : pchannel) {
                if (message.hasRows() && message.appendMillis() >= sinceMillis) {
                    QueuedMessage tick = shown.get(message.msgId());
                    if (tick == null) {
                        throw new QueueReadException(message.describe() + " isn't visible yet");
                    }
                    all.add(new Shown(message.appendMillis(), tick.appendMillis(), message.rows()));
                }
            }
        }
        all.sort(Comparator.comparingLong(Shown::lag));
        return new VisibleLag(all);
    }

    private static void collectTicks(List<QueuedMessage> pchannel, Map<Long, QueuedMessage> shown) {
        TickWindows windows = TickWindows.of(pchannel);
        for (QueuedMessage message : pchannel) {
            if (message.hasRows()) {
                windows.tickOf(message).ifPresent(tick -> shown.putIfAbsent(message.msgId(), tick));
            }
        }
    }

    /** How many rows were measured. */
    public long rows() {
        return fastestFirst.stream().mapToLong(Shown::rows).sum();
    }

    /**
     * The milliseconds that this share of the rows didn't exceed; 0 without rows.
     *
     * @param percent above 0, up to 100
     */
    public long percentile(double percent) {
        long wanted = (long) Math.ceil(percent / 100 * rows());
        long counted = 0;
        for (Shown shown : fastestFirst) {
            counted += shown.rows();
            if (counted >= wanted) {
                return shown.lag();
            }
        }
        return 0;
    }

    /**
     * When the first of the rows was visible, in milliseconds since 1970.
     *
     * @throws java.util.NoSuchElementException without rows
     */
    public long firstVisibleMillis() {
        return fastestFirst.stream().mapToLong(Shown::visible).min().orElseThrow();
    }

    /** How many rows took longer than that. */
    public long rowsSlowerThan(Duration bound) {
        return slowerThan(bound).mapToLong(Shown::rows).sum();
    }

    /**
     * When the last row was visible that took longer than that, in milliseconds since 1970.
     *
     * @throws java.util.NoSuchElementException when there is none
     */
    public long settledMillis(Duration bound) {
        return slowerThan(bound).mapToLong(Shown::visible).max().orElseThrow();
    }

    private Stream<Shown> slowerThan(Duration bound) {
        return fastestFirst.stream().filter(shown -> shown.lag() > bound.toMillis());
    }

    @Override
    public String toString() {
        return "visible lag of %d rows: p50 %d ms, p99 %d ms, max %d ms"
                .formatted(rows(), percentile(50), percentile(99), percentile(100));
    }
}

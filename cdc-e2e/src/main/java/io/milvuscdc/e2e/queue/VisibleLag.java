// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long inserted rows take to be visible: from the broker's append of the row at the source to
 * its append of the first tick at the target that shows the row. Both times are the broker's, so
 * one broker, or brokers with one clock, and topics with {@code LogAppendTime} are needed. On
 * Pulsar the first time is that of the sender, a little earlier.
 */
public final class VisibleLag {

    private final List<Long> millis;

    private VisibleLag(List<Long> millis) {
        this.millis = millis;
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
        List<Long> millis = new ArrayList<>();
        for (List<QueuedMessage> pchannel : source.values()) {
            for (QueuedMessage message : pchannel) {
                if (message.hasRows() && message.appendMillis() >= sinceMillis) {
                    QueuedMessage tick = shown.get(message.msgId());
                    if (tick == null) {
                        throw new QueueReadException(message.describe() + " isn't visible yet");
                    }
                    for (long row = 0; row < message.rows(); row++) {
                        millis.add(tick.appendMillis() - message.appendMillis());
                    }
                }
            }
        }
        millis.sort(null);
        return new VisibleLag(millis);
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
    public int rows() {
        return millis.size();
    }

    /**
     * The milliseconds that this share of the rows didn't exceed; 0 without rows.
     *
     * @param percent above 0, up to 100
     */
    public long percentile(double percent) {
        return millis.isEmpty()
                ? 0
                : millis.get((int) Math.ceil(percent / 100 * millis.size()) - 1);
    }

    @Override
    public String toString() {
        return "visible lag of %d rows: p50 %d ms, p99 %d ms, max %d ms"
                .formatted(rows(), percentile(50), percentile(99), percentile(100));
    }
}

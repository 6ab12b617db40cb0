// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.connectors.sink.TickMark;
import io.milvuscdc.control.task.LastPosition;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a task had committed, as it's stored.
 *
 * @param taken when it was noted, in milliseconds since 1970
 * @param tick the committed one, a tso
 * @param drained see {@link CommittedPositions.Summary}, in milliseconds since 1970
 * @param channels the place of the last tick up to the committed one, by source channel
 * @param targets places in the target's channels, base64
 */
record StoredPosition(
        @JsonProperty("taken") long taken,
        @JsonProperty("tick") long tick,
        @JsonProperty("drained") long drained,
        @JsonProperty("channels") Map<String, Mark> channels,
        @JsonProperty("targets") Map<String, String> targets) {

    /** A tick's place in either message queue's terms. */
    record Mark(
            @JsonProperty("tick") long tick,
            @JsonProperty("ledger") long ledger,
            @JsonProperty("entry") long entry) {}

    static StoredPosition of(LastPosition last) {
        CommittedPositions.Summary committed = last.committed();
        Map<String, Mark> channels = new TreeMap<>();
        committed
                .marks()
                .forEach(
                        (channel, mark) ->
                                channels.put(
                                        channel,
                                        new Mark(
                                                mark.tick(),
                                                mark.at().ledger(),
                                                mark.at().entry())));
        return new StoredPosition(
                last.takenMillis(),
                committed.tick(),
                committed.drainedMillis(),
                channels,
                committed.targetPlaces());
    }

    LastPosition toLastPosition() {
        Map<String, TickMark> marks = new TreeMap<>();
        channels.forEach(
                (channel, mark) ->
                        marks.put(
                                channel,
                                new TickMark(
                                        mark.tick(), new MqPosition(mark.ledger(), mark.entry()))));
        return new LastPosition(
                taken, new CommittedPositions.Summary(tick, drained, marks, targets));
    }
}

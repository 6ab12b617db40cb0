// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.StartPoint;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps back what of a single collection lies before the position at which it begins, where its
 * channel had to be read from an earlier one on, and what lies behind that position but is at the
 * target already. Used by one thread.
 */
final class StartGate {

    private final Map<Long, Map<String, MqPosition>> starts = new HashMap<>();

    /** By pchannel and collection. */
    private final Map<String, Map<Long, Long>> done = new HashMap<>();

    StartGate(StartPoint start) {
        start.done()
                .forEach(
                        (id, upTo) ->
                                upTo.forEach(
                                        (pchannel, tso) ->
                                                done.computeIfAbsent(
                                                                pchannel, name -> new HashMap<>())
                                                        .put(id, tso)));
        start.collections()
                .forEach(
                        (id, positions) -> {
                            Map<String, MqPosition> later = new HashMap<>(positions);
                            later.values().removeIf(new MqPosition(0, 0)::equals);
                            if (!later.isEmpty()) {
                                starts.put(id, later);
                            }
                        });
    }

    /** Whether a message of a collection belongs to the task. */
    boolean isOpen(ChannelMessage message) {
        Map<String, MqPosition> positions = starts.get(message.collectionId());
        if (positions == null) {
            return true;
        }
        MqPosition first = positions.get(message.pchannel());
        if (first != null && message.position().compareTo(first) < 0) {
            return false;
        }
        // a channel is read in order, so this collection needs no look at it any more
        positions.remove(message.pchannel());
        if (positions.isEmpty()) {
            starts.remove(message.collectionId());
        }
        return true;
    }

    /**
     * Whether a message is at the target since before the task began, or needs not to be. The
     * timestamp alone says it: where the task begins, messages of one side of it and of the other
     * stand mixed, up to the channel's next tick.
     */
    boolean isDone(ChannelMessage message) {
        Map<Long, Long> ofChannel = done.get(message.pchannel());
        if (ofChannel == null) {
            return false;
        }
        Long upTo = ofChannel.get(message.collectionId());
        return upTo != null && message.timestamp() <= upTo;
    }

    /** A tick of a pchannel was read: nothing follows there that isn't newer. */
    void passed(String pchannel, long tick) {
        Map<Long, Long> ofChannel = done.get(pchannel);
        if (ofChannel != null) {
            ofChannel.values().removeIf(upTo -> upTo <= tick);
            if (ofChannel.isEmpty()) {
                done.remove(pchannel);
            }
        }
    }
}

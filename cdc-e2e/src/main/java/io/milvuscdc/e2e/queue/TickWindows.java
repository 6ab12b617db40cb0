// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pchannel of a standby, read as the standby reads it ({@code MqTtMsgStream}): a tick that is
 * newer than all before it ends a window and shows the messages with timestamps up to it that stand
 * before it. Inside a window copies of a message are dropped, across windows they are not.
 */
final class TickWindows {

    private final Map<QueuedMessage, QueuedMessage> tickOf = new HashMap<>();
    private final List<QueuedMessage> late = new ArrayList<>();
    private final List<QueuedMessage> backwardTicks = new ArrayList<>();
    private int ticks;
    private int ended;

    private TickWindows() {}

    /** Reads a pchannel from its first message on. */
    static TickWindows of(List<QueuedMessage> pchannel) {
        TickWindows windows = new TickWindows();
        List<QueuedMessage> waiting = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (QueuedMessage message : pchannel) {
            if (message.hasRows()) {
                if (message.firstRowTs() <= last) {
                    windows.late.add(message);
                }
                waiting.add(message);
            } else if (message.isTick()) {
                windows.ticks++;
                if (message.timestamp() < last) {
                    windows.backwardTicks.add(message);
                } else if (message.timestamp() > last) {
                    last = message.timestamp();
                    windows.end(waiting, message);
                }
            }
        }
        return windows;
    }

    private void end(List<QueuedMessage> waiting, QueuedMessage tick) {
        for (Iterator<QueuedMessage> all = waiting.iterator(); all.hasNext(); ) {
            QueuedMessage message = all.next();
            if (message.lastRowTs() <= tick.timestamp()) {
                tickOf.put(message, tick);
                all.remove();
            }
        }
        ended++;
    }

    /** The tick that ends a message's window and so shows it; empty when none has reached it. */
    Optional<QueuedMessage> tickOf(QueuedMessage message) {
        return Optional.ofNullable(tickOf.get(message));
    }

    /** Messages with a row that isn't newer than a tick before them. */
    List<QueuedMessage> late() {
        return late;
    }

    /** Ticks that are older than one before them. */
    List<QueuedMessage> backwardTicks() {
        return backwardTicks;
    }

    /** How many ticks there are. */
    int ticks() {
        return ticks;
    }

    /** How many of them were newer than all before them. */
    int ended() {
        return ended;
    }
}

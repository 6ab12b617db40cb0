// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The moment from which a task's lag counts. It stands still until something is committed, so that
 * a lag counted from it grows while anything hangs. Safe for use by several threads.
 */
public final class LagOrigin {

    private final Clock clock;

    /** By task, what was known last. */
    private final Map<String, Long> known = new ConcurrentHashMap<>();

    /** Since when a task runs without having committed anything, as far as this process knows. */
    private final Map<String, Long> waitingSince = new ConcurrentHashMap<>();

    public LagOrigin(Clock clock) {
        this.clock = clock;
    }

    /**
     * Milliseconds since 1970: what the newest checkpoint says everything is visible up to; before
     * the first commit of a running task, since when this process has waited for it; else empty.
     */
    public OptionalLong of(Task task, CommittedPositions committed) {
        if (committed.upToMillis() != 0) {
            waitingSince.remove(task.id());
            known.put(task.id(), committed.upToMillis());
            return OptionalLong.of(committed.upToMillis());
        }
        known.remove(task.id());
        return waiting(task);
    }

    /** The same when the newest checkpoint can't be read: what was known last goes on. */
    public OptionalLong unreadable(Task task) {
        Long last = known.get(task.id());
        return last == null ? waiting(task) : OptionalLong.of(last);
    }

    /** Forgets all tasks but these. */
    public void keep(Collection<String> taskIds) {
        known.keySet().retainAll(taskIds);
        waitingSince.keySet().retainAll(taskIds);
    }

    private OptionalLong waiting(Task task) {
        if (task.desired() != DesiredState.RUNNING) {
            waitingSince.remove(task.id());
            return OptionalLong.empty();
        }
        return OptionalLong.of(waitingSince.computeIfAbsent(task.id(), id -> clock.millis()));
    }
}

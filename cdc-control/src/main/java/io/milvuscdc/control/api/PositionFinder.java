// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.List;

/** Finds out how far a task has replicated. Blocks, but for a bounded time. */
@FunctionalInterface
public interface PositionFinder {

    /** The collection id that the old tool shows the replicate channel under. */
    long OPERATIONS = -10;

    /**
     * Where one collection stands in one channel of the source.
     *
     * @param collectionId the source's, or {@link #OPERATIONS}
     */
    record Found(long collectionId, ChannelPosition position) {}

    /**
     * Where the task stands in one channel of the target, with all of its collections.
     *
     * @param position base64 of Milvus' {@code MsgPosition}, in terms of the target's message queue
     * @param timestamp the tick that is committed there, a tso
     */
    record TargetFound(String channel, String position, long timestamp) {}

    /**
     * A task's positions.
     *
     * @param messageIds the source's message queue
     */
    record Positions(
            List<Found> collections,
            List<Found> operations,
            List<TargetFound> targets,
            MqMessageIds messageIds) {}

    /**
     * What the newest complete checkpoint of the task says.
     *
     * @throws IOException in words: the checkpoint can't be read, or the source's etcd doesn't
     *     answer
     */
    Positions of(Task task) throws IOException;
}

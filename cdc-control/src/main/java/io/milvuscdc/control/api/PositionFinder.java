// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

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
     * @param earlier empty when they are of the newest checkpoint
     */
    record Positions(
            List<Found> collections,
            List<Found> operations,
            List<TargetFound> targets,
            MqMessageIds messageIds,
            Optional<Earlier> earlier) {

        /** Positions of the newest checkpoint. */
        public Positions(
                List<Found> collections,
                List<Found> operations,
                List<TargetFound> targets,
                MqMessageIds messageIds) {
            this(collections, operations, targets, messageIds, Optional.empty());
        }
    }

    /**
     * That positions are those that were noted earlier, as the newest checkpoint can't be read.
     *
     * @param takenMillis when they were noted, in milliseconds since 1970
     * @param ageSeconds how long ago that is
     * @param why what's wrong with the checkpoint
     */
    record Earlier(long takenMillis, long ageSeconds, String why) {}

    /**
     * What the newest complete checkpoint of the task says or, when that can't be read, what was
     * noted last.
     *
     * @throws IOException in words: the checkpoint can't be read and nothing was noted, or the
     *     source's etcd doesn't answer
     */
    Positions of(Task task) throws IOException;
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqMessageIds;
import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.connector.source.Source;

/**
 * The message queue of a source Milvus: where its broker is, how to log in, and everything that
 * depends on its kind. The text form of an implementation shows no secret.
 */
public interface MessageQueue extends Serializable {

    /** What {@link MilvusSource#of} gives. */
    Source<ChannelMessage, ?, ?> source(
            SourceChannels channels, StartPoint start, String taskId, boolean inStep);

    /** Connects, or gets ready to; blocks for a bounded time. */
    ChannelEnds ends(SourceChannels channels) throws IOException;

    /** How Milvus writes positions in this queue. */
    MqMessageIds messageIds();

    /**
     * From now on the queue keeps for a task what it still has and what comes, until {@link
     * #release}, or until the task's job has read it. A queue that goes by time alone does nothing.
     * May be called again. Blocks for a bounded time.
     *
     * @throws IOException in words, when the broker doesn't answer or refuses
     */
    void hold(SourceChannels channels, String taskId) throws IOException;

    /**
     * Removes what the queue keeps for a task that won't read again. May be called again, and for a
     * task that never read. Blocks for a bounded time.
     *
     * @throws IOException in words, when the broker doesn't answer or refuses
     */
    void release(SourceChannels channels, String taskId) throws IOException;
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.ChannelMessage;
import org.apache.flink.api.connector.source.Source;

/**
 * Reads all pchannels of a source Milvus and its replicate channel, a split per channel, from
 * whichever message queue they are in. Pchannels that appear later are found within {@link
 * #DISCOVERY_MILLIS} and read from their beginning. A position that the broker no longer has ends
 * the job with a {@link SourceException}; nothing is ever skipped.
 */
public final class MilvusSource {

    /**
     * How soon a new pchannel is read. Ticks wait for it, so it is part of the lag of a pchannel's
     * very first collection.
     */
    public static final long DISCOVERY_MILLIS = 500;

    private MilvusSource() {}

    /**
     * Reads from a given point on.
     *
     * @param start channels that aren't in it are read from their beginning
     * @param taskId names what the queue keeps for the task
     */
    public static Source<ChannelMessage, ?, ?> of(
            SourceChannels channels, StartPoint start, String taskId) {
        return of(channels, start, taskId, false);
    }

    /**
     * The same, for a job whose checkpoints may be moved.
     *
     * @param inStep whether checkpoints are kept right behind ticks; the job's interval is a
     *     multiple of {@link CheckpointsInStep#TICK_MILLIS} then, and the one during a backlog
     *     longer
     */
    public static Source<ChannelMessage, ?, ?> of(
            SourceChannels channels, StartPoint start, String taskId, boolean inStep) {
        return channels.queue().source(channels, start, taskId, inStep);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks the source's broker how far its pchannels go. Used by one thread. */
public interface ChannelEnds extends AutoCloseable {

    /**
     * The position after the last message of every pchannel that exists, at some moment after the
     * call began. Blocks for a bounded time.
     */
    Map<String, MqPosition> ends() throws IOException;

    /**
     * The position of the first message that the broker still has of every pchannel, or of the next
     * one where it has none. Blocks for a bounded time.
     */
    Map<String, MqPosition> begins() throws IOException;

    /**
     * The tso of the first time tick at or behind a position of a pchannel; empty when there is
     * none yet. Reads the channel from there. Blocks for a bounded time.
     *
     * @param from must be one that the broker still has
     */
    OptionalLong tickFrom(String pchannel, MqPosition from) throws IOException;

    /**
     * How long the broker keeps a message of a pchannel that the task hasn't read, the shortest of
     * all; empty when it keeps it until the task has. Blocks for a bounded time.
     */
    Optional<Duration> retention() throws IOException;

    @Override
    void close();
}

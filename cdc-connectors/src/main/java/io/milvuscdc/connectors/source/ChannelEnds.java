// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.util.Map;

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

    @Override
    void close();
}

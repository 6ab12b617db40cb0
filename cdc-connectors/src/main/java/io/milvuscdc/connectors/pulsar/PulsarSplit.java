// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.util.Optional;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A channel and how far it has been read.
 *
 * @param channel the topic's name without tenant and namespace
 * @param read empty before the first message of a channel that's read from its beginning
 * @param end when it was known that nothing follows what has been read; empty when that isn't known
 */
record PulsarSplit(String channel, Optional<ReadPosition> read, Optional<SeenEnd> end)
        implements SourceSplit {

    /** One that hasn't been read yet by this task. */
    PulsarSplit(String channel, Optional<ReadPosition> read) {
        this(channel, read, Optional.empty());
    }

    @Override
    public String splitId() {
        return channel;
    }
}

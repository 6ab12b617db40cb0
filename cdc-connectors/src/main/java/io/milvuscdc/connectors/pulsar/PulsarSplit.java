// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A channel and how far it has been read.
 *
 * @param channel the topic's name without tenant and namespace
 * @param read empty before the first message of a channel that's read from its beginning
 * @param creations as {@link ReadCreations#state}; empty where the channel isn't read from its
 *     beginning
 * @param end when it was known that nothing follows what has been read; empty when that isn't known
 */
record PulsarSplit(
        String channel,
        Optional<ReadPosition> read,
        Optional<Map<Long, Long>> creations,
        Optional<SeenEnd> end)
        implements SourceSplit {

    PulsarSplit {
        creations = creations.map(TreeMap::new);
    }

    /** One that hasn't been read yet by this task. */
    PulsarSplit(String channel, Optional<ReadPosition> read) {
        this(channel, read, atStart(read), Optional.empty());
    }

    static Optional<Map<Long, Long>> atStart(Optional<ReadPosition> read) {
        return read.isPresent() ? Optional.empty() : Optional.of(Map.of());
    }

    @Override
    public String splitId() {
        return channel;
    }
}

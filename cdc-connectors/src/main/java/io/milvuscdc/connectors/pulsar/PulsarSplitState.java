// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.util.Optional;
import org.apache.pulsar.client.api.MessageId;

/** A split while it's read. Used by the task's thread; metrics ask from others. */
final class PulsarSplitState {

    private final String channel;
    private final Optional<ReadCreations> creations;
    private volatile Optional<ReadPosition> read;

    PulsarSplitState(PulsarSplit split) {
        this.channel = split.channel();
        this.creations = split.creations().map(ReadCreations::new);
        this.read = split.read();
    }

    String channel() {
        return channel;
    }

    /** Fails when messages in front of the next one are missing. */
    void next(ChannelMessage message) {
        creations.ifPresent(read -> read.next(message));
    }

    void passed(MessageId message) {
        read = Optional.of(ReadPosition.after(message));
    }

    Optional<ReadPosition> read() {
        return read;
    }

    PulsarSplit toSplit(Optional<SeenEnd> end) {
        return new PulsarSplit(channel, read, creations.map(ReadCreations::state), end);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.util.Optional;
import org.apache.pulsar.client.api.MessageId;

/** A split while it's read. Used by one thread, the task's. */
final class PulsarSplitState {

    private final String channel;
    private Optional<ReadPosition> read;

    PulsarSplitState(PulsarSplit split) {
        this.channel = split.channel();
        this.read = split.read();
    }

    String channel() {
        return channel;
    }

    void passed(MessageId message) {
        read = Optional.of(ReadPosition.after(message));
    }

    PulsarSplit toSplit() {
        return new PulsarSplit(channel, read);
    }
}

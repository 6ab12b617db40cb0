// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.source.KafkaQueue;
import io.milvuscdc.connectors.source.MessageQueue;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/** Reads all that a Milvus' pchannels hold. For one thread. */
public interface QueueReader extends AutoCloseable {

    /** A reader of this kind of queue, without login. */
    static QueueReader of(MessageQueue queue) {
        if (queue instanceof KafkaQueue kafka) {
            return new KafkaQueueReader(kafka.bootstrapServers());
        }
        if (queue instanceof PulsarQueue pulsar) {
            return new PulsarQueueReader(pulsar);
        }
        throw new IllegalArgumentException("no reader of " + queue);
    }

    /** The pchannels that a Milvus has a topic of, by its {@code chanNamePrefix.cluster}. */
    Collection<String> pchannels(String cluster);

    /**
     * All that topics hold now, each from its first message to what is its last one as this is
     * called.
     *
     * @throws QueueReadException when a topic no longer has its first message, as far as the broker
     *     tells, or can't be read to its end in time
     */
    SortedMap<String, List<QueuedMessage>> readAll(Collection<String> topics);

    /** As {@link #readAll(Collection)}, of all pchannels of a Milvus. */
    default SortedMap<String, List<QueuedMessage>> readAll(String cluster) {
        return readAll(pchannels(cluster));
    }

    @Override
    void close();
}

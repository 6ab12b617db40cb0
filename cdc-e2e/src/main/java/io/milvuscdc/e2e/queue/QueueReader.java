// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.source.KafkaQueue;
import io.milvuscdc.connectors.source.MessageQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

    /** All topics that the broker has, pchannels or not. */
    Collection<String> topics();

    /** The pchannels that a Milvus has a topic of, by its {@code chanNamePrefix.cluster}. */
    default Collection<String> pchannels(String cluster) {
        return topics().stream()
                .filter(topic -> topic.matches(cluster + "-rootcoord-dml_\\d+"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The place before the first message of each topic.
     *
     * @throws QueueReadException when a topic no longer has its first message, as far as the broker
     *     tells
     */
    SortedMap<String, MqPosition> starts(Collection<String> topics);

    /** The last message of each topic, or the place before the first one. */
    SortedMap<String, MqPosition> ends(Collection<String> topics);

    /** Gets messages one after the other; those of a topic in its order. */
    @FunctionalInterface
    interface Visitor {

        /**
         * Gets the next one.
         *
         * @param appendMillis the record's time: on Kafka when the broker appended it, if the topic
         *     is set up so, on Pulsar when the producer sent it
         */
        void visit(ChannelMessage message, long appendMillis);
    }

    /**
     * Reads what stands behind these places, up to what is each topic's last message as this is
     * called.
     *
     * @throws QueueReadException when a topic can't be read to its end in time
     */
    void read(Map<String, MqPosition> after, Visitor visitor);

    /** As {@link #read}, all of it in memory. */
    default SortedMap<String, List<QueuedMessage>> readAfter(Map<String, MqPosition> after) {
        SortedMap<String, List<QueuedMessage>> all = new TreeMap<>();
        after.keySet().forEach(topic -> all.put(topic, new ArrayList<>()));
        read(
                after,
                (message, appendMillis) ->
                        all.get(message.pchannel()).add(QueuedMessage.of(message, appendMillis)));
        return all;
    }

    /** All that topics hold now, each from its first message. */
    default SortedMap<String, List<QueuedMessage>> readAll(Collection<String> topics) {
        return readAfter(starts(topics));
    }

    /** As {@link #readAll(Collection)}, of all pchannels of a Milvus. */
    default SortedMap<String, List<QueuedMessage>> readAll(String cluster) {
        return readAll(pchannels(cluster));
    }

    @Override
    void close();
}

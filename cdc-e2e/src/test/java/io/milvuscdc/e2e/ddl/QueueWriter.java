// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.source.KafkaQueue;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.connectors.source.SourceChannels;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.pulsar.client.api.PulsarClient;

/** Writes into a source's channels what its Milvus could have written. */
interface QueueWriter extends AutoCloseable {

    /** Appends a message and returns when the broker has it. */
    void write(String channel, byte[] message) throws Exception;

    /** A writer to the queue of these channels. */
    static QueueWriter to(SourceChannels channels) throws Exception {
        MessageQueue queue = channels.queue();
        if (queue instanceof PulsarQueue pulsar) {
            return new ToPulsar(PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build());
        }
        return new ToKafka(
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                ((KafkaQueue) queue).bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer()));
    }

    /** To a Kafka. */
    record ToKafka(Producer<byte[], byte[]> producer) implements QueueWriter {

        @Override
        public void write(String channel, byte[] message) throws Exception {
            producer.send(new ProducerRecord<>(channel, message)).get();
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    /** To a Pulsar's default namespace. */
    record ToPulsar(PulsarClient client) implements QueueWriter {

        @Override
        public void write(String channel, byte[] message) throws Exception {
            try (var producer =
                    client.newProducer().topic(channel).enableBatching(false).create()) {
                producer.send(message);
            }
        }

        @Override
        public void close() throws Exception {
            client.close();
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.measure;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import java.util.Properties;
import java.util.Random;
import milvus.proto.msg.Msg.TimeTickMsg;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Writes messages of 1 KiB that nothing compresses, as Milvus' producers are set up. Each one's
 * timestamp is {@link System#nanoTime()} when it was made. Used by one thread.
 */
abstract class QueueWriter implements AutoCloseable {

    private static final int SIZE = 1024;

    private final ByteString filling = filling();

    private static ByteString filling() {
        byte[] random = new byte[SIZE];
        new Random(1).nextBytes(random);
        return ByteString.copyFrom(random);
    }

    /** Sends without waiting for it. */
    abstract void send(byte[] message) throws PulsarClientException;

    /** Waits for all that was sent. */
    abstract void flush() throws PulsarClientException;

    @Override
    public abstract void close() throws PulsarClientException;

    /** Writes that many and waits for them. */
    void write(int count) throws PulsarClientException {
        for (int i = 0; i < count; i++) {
            send(
                    TimeTickMsg.newBuilder()
                            .setBase(
                                    MsgBase.newBuilder()
                                            .setMsgType(MsgType.TimeTick)
                                            .setTimestamp(System.nanoTime()))
                            .setUnknownFields(
                                    UnknownFieldSet.newBuilder()
                                            .addField(
                                                    100,
                                                    UnknownFieldSet.Field.newBuilder()
                                                            .addLengthDelimited(filling)
                                                            .build())
                                            .build())
                            .build()
                            .toByteArray());
        }
        flush();
    }

    static QueueWriter kafka(String bootstrapServers, String topic) {
        Properties properties = new Properties();
        properties.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
        return new QueueWriter() {
            @Override
            void send(byte[] message) {
                var unused = producer.send(new ProducerRecord<>(topic, message));
            }

            @Override
            void flush() {
                producer.flush();
            }

            @Override
            public void close() {
                producer.close();
            }
        };
    }

    static QueueWriter pulsar(String serviceUrl, String topic) throws PulsarClientException {
        PulsarClient client = PulsarClient.builder().serviceUrl(serviceUrl).build();
        org.apache.pulsar.client.api.Producer<byte[]> producer =
                client.newProducer()
                        .topic(topic)
                        .enableBatching(false)
                        .compressionType(CompressionType.ZSTD)
                        .blockIfQueueFull(true)
                        .create();
        return new QueueWriter() {
            @Override
            void send(byte[] message) {
                // flush tells of a failure
                var unused = producer.sendAsync(message);
            }

            @Override
            void flush() throws PulsarClientException {
                producer.flush();
            }

            @Override
            public void close() throws PulsarClientException {
                client.close();
            }
        };
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.session;

import io.milvuscdc.connectors.message.TimeTicks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The channels of a source that a stored savepoint was taken of, as far as it matters for going on
 * from it: up to each position stands what can't be read, and at the position a time tick. So a job
 * that begins too early fails, and one that begins too late misses the tick.
 */
final class OldQueue {

    private static final byte[] NO_MESSAGE = {(byte) 0xff};

    private OldQueue() {}

    /**
     * Writes them.
     *
     * @param offsets by channel, where it is read from
     * @param pchannels those of them that get a tick
     * @param tick a tso
     */
    static void write(
            String bootstrapServers, Map<String, Long> offsets, Set<String> pchannels, long tick)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ProducerConfig.LINGER_MS_CONFIG,
                                5),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<Future<RecordMetadata>> written = new ArrayList<>();
            offsets.forEach(
                    (channel, offset) -> {
                        for (long at = 0; at < offset; at++) {
                            written.add(producer.send(new ProducerRecord<>(channel, NO_MESSAGE)));
                        }
                    });
            for (String pchannel : pchannels) {
                byte[] message = TimeTicks.message(tick).toByteArray();
                written.add(producer.send(new ProducerRecord<>(pchannel, message)));
            }
            for (Future<RecordMetadata> one : written) {
                one.get();
            }
        }
    }
}

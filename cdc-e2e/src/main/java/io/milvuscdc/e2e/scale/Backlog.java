// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import io.milvus.grpc.FieldData;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.e2e.workload.WireMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a source has written while nobody read: inserts, evenly over all pchannels and over {@value
 * #TICKS} ticks of 200 ms, so that no pchannel's watermark keeps another one's rows from being read
 * (a job lets a pchannel be 30 s ahead of the slowest).
 *
 * @param rowsPerMessage of every insert
 * @param messages of all pchannels together, time ticks left out
 * @param bytes of these messages
 */
record Backlog(SourceLayout layout, int rowsPerMessage, long messages, long bytes) {

    private static final int TICKS = 50;
    private static final long TICK_MILLIS = 200;

    /** As many different messages follow one another before the first comes again. */
    private static final int VARIANTS = 8;

    long rows() {
        return messages * rowsPerMessage;
    }

    /**
     * Makes the topics and writes about that many bytes, as Milvus' producers are set up. Returns
     * when the broker has all.
     */
    static Backlog write(
            String bootstrapServers, SourceLayout layout, int rowsPerMessage, long bytes)
            throws InterruptedException, ExecutionException {
        List<WireMessages> channels = new ArrayList<>();
        for (SourceLayout.Collection collection : layout.collections()) {
            for (String vchannel : collection.vchannels()) {
                channels.add(
                        new WireMessages(
                                vchannel,
                                collection.id(),
                                collection.name(),
                                collection.partitionId(),
                                SourceLayout.DIM));
            }
        }
        makeTopics(bootstrapServers, layout);
        Properties properties = new Properties();
        properties.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, "2");
        properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(10 << 20));
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return write(producer, layout, channels, rowsPerMessage, bytes);
        }
    }

    private static void makeTopics(String bootstrapServers, SourceLayout layout)
            throws InterruptedException, ExecutionException {
        List<NewTopic> topics =
                layout.collections().stream()
                        .flatMap(collection -> collection.pchannels().stream())
                        .map(name -> new NewTopic(name, 1, (short) 1))
                        .toList();
        try (Admin admin =
                Admin.create(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.createTopics(topics).all().get();
        }
    }

    private static Backlog write(
            Producer<byte[], byte[]> producer,
            SourceLayout layout,
            List<WireMessages> channels,
            int rowsPerMessage,
            long bytes)
            throws InterruptedException, ExecutionException {
        List<List<FieldData>> columns = new ArrayList<>();
        for (int i = 0; i < VARIANTS; i++) {
            columns.add(channels.get(0).columns((long) i * rowsPerMessage, rowsPerMessage));
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        long each = channels.get(0).insert(0, 1, columns.get(0), rowsPerMessage).length;
        long perChannel = Math.max(1, bytes / each / channels.size());
        long written = 0;
        long writtenBytes = 0;
        for (int tick = 0; tick < TICKS; tick++) {
            long millis = layout.rowsFromMillis() + tick * TICK_MILLIS;
            long due = perChannel * (tick + 1) / TICKS - perChannel * tick / TICKS;
            for (WireMessages channel : channels) {
                for (int i = 0; i < due; i++) {
                    byte[] insert =
                            channel.insert(
                                    // unique, and as high as Milvus' own, which are tsos
                                    Tso.of(millis, 0) + written * (rowsPerMessage + 1),
                                    Tso.of(millis, i),
                                    columns.get((int) (written % VARIANTS)),
                                    rowsPerMessage);
                    sent.add(producer.send(record(channel, insert)));
                    written++;
                    writtenBytes += insert.length;
                }
                long end = Tso.of(millis + TICK_MILLIS, 0);
                sent.add(producer.send(record(channel, WireMessages.tick(end))));
            }
        }
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
        return new Backlog(layout, rowsPerMessage, written, writtenBytes);
    }

    private static ProducerRecord<byte[], byte[]> record(WireMessages channel, byte[] message) {
        String pchannel = channel.vchannel().substring(0, channel.vchannel().lastIndexOf('_'));
        return new ProducerRecord<>(pchannel, message);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.record;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.MsgHeader;
import io.milvus.grpc.MsgType;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Writes the messages of a cluster's pchannels and replicate channel to a file: topic, offset and
 * payload of each, texts and payloads with an int length ahead, topics by name and messages by
 * offset. Of the time ticks only some are kept, which leaves gaps in the offsets.
 */
final class KafkaRecording {

    private static final int TICKS_PER_TOPIC = 10;

    private KafkaRecording() {}

    /** Writes it and returns the number of messages by topic. */
    static Map<String, Integer> write(String bootstrapServers, String cluster, Path file)
            throws IOException {
        Map<String, List<ConsumerRecord<byte[], byte[]>>> topics = read(bootstrapServers, cluster);
        Map<String, Integer> counts = new TreeMap<>();
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, List<ConsumerRecord<byte[], byte[]>>> topic :
                    topics.entrySet()) {
                List<ConsumerRecord<byte[], byte[]>> kept = withoutMostTicks(topic.getValue());
                counts.put(topic.getKey(), kept.size());
                for (ConsumerRecord<byte[], byte[]> message : kept) {
                    byte[] name = topic.getKey().getBytes(StandardCharsets.UTF_8);
                    out.writeInt(name.length);
                    out.write(name);
                    out.writeLong(message.offset());
                    out.writeInt(message.value().length);
                    out.write(message.value());
                }
            }
        }
        return counts;
    }

    private static Map<String, List<ConsumerRecord<byte[], byte[]>>> read(
            String bootstrapServers, String cluster) {
        Pattern wanted =
                Pattern.compile(Pattern.quote(cluster) + "-(rootcoord-dml_[0-9]+|replicate-msg)");
        Map<String, List<ConsumerRecord<byte[], byte[]>>> messages = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "none"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.listTopics().keySet().stream()
                            .filter(topic -> wanted.matcher(topic).matches())
                            .map(topic -> new TopicPartition(topic, 0))
                            .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(500))
                        .forEach(
                                message ->
                                        messages.computeIfAbsent(
                                                        message.topic(), t -> new ArrayList<>())
                                                .add(message));
            }
        }
        return messages;
    }

    /** Keeps what isn't a tick, and the tick that follows it, which is the one that matters. */
    private static List<ConsumerRecord<byte[], byte[]>> withoutMostTicks(
            List<ConsumerRecord<byte[], byte[]>> messages) {
        List<ConsumerRecord<byte[], byte[]>> kept = new ArrayList<>();
        int ticks = 0;
        boolean afterTick = false;
        for (ConsumerRecord<byte[], byte[]> message : messages) {
            boolean tick = isTick(message.value());
            if (!tick || (!afterTick && ticks++ < TICKS_PER_TOPIC)) {
                kept.add(message);
            }
            afterTick = tick;
        }
        return kept;
    }

    private static boolean isTick(byte[] payload) {
        try {
            return MsgHeader.parseFrom(payload).getBase().getMsgType() == MsgType.TimeTick;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message without MsgBase", e);
        }
    }
}

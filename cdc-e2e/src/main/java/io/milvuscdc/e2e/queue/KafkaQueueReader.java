// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.e2e.servers.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a Milvus' pchannels from a Kafka, as Milvus does: partition 0, no consumer group. For one
 * thread.
 */
public final class KafkaQueueReader implements QueueReader {

    private static final Duration BOUND = Await.PATIENCE;
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;

    public KafkaQueueReader(String bootstrapServers) {
        Map<String, Object> config =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) BOUND.toMillis());
        this.consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Collection<String> topics() {
        return consumer.listTopics().keySet();
    }

    @Override
    public SortedMap<String, MqPosition> starts(Collection<String> topics) {
        consumer.beginningOffsets(partitions(topics))
                .forEach(
                        (partition, first) -> {
                            if (first != 0) {
                                throw new QueueReadException(
                                        partition + " begins at offset " + first + ", not at 0");
                            }
                        });
        SortedMap<String, MqPosition> starts = new TreeMap<>();
        topics.forEach(topic -> starts.put(topic, MqPosition.ofKafkaOffset(-1)));
        return starts;
    }

    @Override
    public SortedMap<String, MqPosition> ends(Collection<String> topics) {
        SortedMap<String, MqPosition> ends = new TreeMap<>();
        consumer.endOffsets(partitions(topics))
                .forEach(
                        (partition, next) ->
                                ends.put(partition.topic(), MqPosition.ofKafkaOffset(next - 1)));
        return ends;
    }

    @Override
    public void read(Map<String, MqPosition> after, Visitor visitor) {
        Collection<TopicPartition> partitions = partitions(after.keySet());
        consumer.assign(partitions);
        partitions.forEach(p -> consumer.seek(p, after.get(p.topic()).entry() + 1));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (!ends.entrySet().stream()
                .allMatch(e -> consumer.position(e.getKey()) >= e.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new QueueReadException(
                        "cannot read " + after.keySet() + " to their ends " + ends);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < ends.get(new TopicPartition(record.topic(), 0))) {
                    visitor.visit(decode(record), record.timestamp());
                }
            }
        }
    }

    /** Whether topics end with ticks that have reached a timestamp; cheap, unlike reading them. */
    public boolean endWithTick(Collection<String> topics, long timestamp) {
        Collection<TopicPartition> partitions = partitions(topics);
        consumer.assign(partitions);
        consumer.endOffsets(partitions)
                .forEach((partition, end) -> consumer.seek(partition, Math.max(0, end - 1)));
        Map<String, QueuedMessage> last = new TreeMap<>();
        int attempts = 2 * topics.size();
        for (int attempt = 0; attempt < attempts && last.size() < topics.size(); attempt++) {
            poll().forEach(message -> last.put(message.topic(), message));
        }
        return last.size() == topics.size()
                && last.values().stream().allMatch(m -> m.isTick() && m.timestamp() >= timestamp);
    }

    /** From now on {@link #poll} returns what is appended to these topics. */
    public void follow(Collection<String> topics) {
        Collection<TopicPartition> partitions = partitions(topics);
        consumer.assign(partitions);
        consumer.endOffsets(partitions).forEach(consumer::seek);
    }

    /** What follows in the topics in use; waits a fifth of a second for something. */
    public List<QueuedMessage> poll() {
        List<QueuedMessage> messages = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            messages.add(QueuedMessage.of(decode(record), record.timestamp()));
        }
        return messages;
    }

    private static ChannelMessage decode(ConsumerRecord<byte[], byte[]> record) {
        return MessageDecoder.decode(
                record.topic(), MqPosition.ofKafkaOffset(record.offset()), record.value());
    }

    private static Collection<TopicPartition> partitions(Collection<String> topics) {
        return topics.stream().map(topic -> new TopicPartition(topic, 0)).toList();
    }

    @Override
    public void close() {
        consumer.close(Duration.ZERO);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * {@link ChannelEnds} by Kafka's admin client. The replicate channel is included when it exists.
 */
final class KafkaChannelEnds implements ChannelEnds {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String RETENTION = TopicConfig.RETENTION_MS_CONFIG;

    private final KafkaQueue queue;
    private final SourceChannels channels;
    private final Admin admin;

    KafkaChannelEnds(KafkaQueue queue, SourceChannels channels) {
        this.queue = queue;
        this.channels = channels;
        Properties properties = new Properties();
        properties.putAll(queue.properties());
        properties.setProperty(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, queue.bootstrapServers());
        this.admin = Admin.create(properties);
    }

    @Override
    public Map<String, MqPosition> ends() throws IOException {
        return offsets("end", OffsetSpec.latest());
    }

    @Override
    public Map<String, MqPosition> begins() throws IOException {
        return offsets("first", OffsetSpec.earliest());
    }

    private Map<String, MqPosition> offsets(String which, OffsetSpec spec) throws IOException {
        try {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            for (String topic :
                    admin.listTopics().names().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                if (channels.contains(topic)) {
                    wanted.put(new TopicPartition(topic, 0), spec);
                }
            }
            Map<TopicPartition, ListOffsetsResultInfo> found =
                    admin.listOffsets(wanted).all().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            Map<String, MqPosition> offsets = new HashMap<>();
            found.forEach(
                    (partition, info) ->
                            offsets.put(
                                    partition.topic(), MqPosition.ofKafkaOffset(info.offset())));
            return offsets;
        } catch (ExecutionException e) {
            throw failed(which, e.getCause());
        } catch (TimeoutException e) {
            throw failed(which, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(which, e);
        }
    }

    @Override
    public OptionalLong tickFrom(String pchannel, MqPosition from) throws IOException {
        Properties properties = new Properties();
        properties.putAll(queue.properties());
        properties.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, queue.bootstrapServers());
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return tickFrom(consumer, pchannel, from);
        } catch (KafkaException e) {
            throw unread(
                    "channel " + pchannel + " of " + channels + " from " + from.describe() + " on",
                    e);
        }
    }

    private static OptionalLong tickFrom(
            Consumer<byte[], byte[]> consumer, String pchannel, MqPosition from)
            throws IOException {
        TopicPartition partition = new TopicPartition(pchannel, 0);
        consumer.assign(List.of(partition));
        consumer.seek(partition, from.entry());
        long end = consumer.endOffsets(List.of(partition), TIMEOUT).get(partition);
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (consumer.position(partition, TIMEOUT) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                ChannelMessage message =
                        MessageDecoder.decode(
                                pchannel,
                                MqPosition.ofKafkaOffset(record.offset()),
                                record.value());
                if (message.type() == MsgType.TimeTick_VALUE) {
                    return OptionalLong.of(message.timestamp());
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "No time tick of channel "
                                + pchannel
                                + " was found within "
                                + TIMEOUT.toSeconds()
                                + " s from "
                                + from.describe()
                                + " on: is the broker slow? Try again");
            }
        }
        return OptionalLong.empty();
    }

    /** By time; what a limit by size leaves can't be told in time. */
    @Override
    public Optional<Duration> retention() throws IOException {
        try {
            Set<ConfigResource> topics = new HashSet<>();
            for (String topic :
                    admin.listTopics().names().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                if (channels.isPchannel(topic)) {
                    topics.add(new ConfigResource(ConfigResource.Type.TOPIC, topic));
                }
            }
            return admin
                    .describeConfigs(topics)
                    .all()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .values()
                    .stream()
                    .map(config -> Long.parseLong(config.get(RETENTION).value()))
                    .filter(millis -> millis >= 0)
                    .min(Comparator.naturalOrder())
                    .map(Duration::ofMillis);
        } catch (ExecutionException e) {
            throw unread(RETENTION + " of " + channels, e.getCause());
        } catch (TimeoutException e) {
            throw unread(RETENTION + " of " + channels, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unread(RETENTION + " of " + channels, e);
        }
    }

    private IOException failed(String which, Throwable cause) {
        return unread("the " + which + " offsets of " + channels, cause);
    }

    private static IOException unread(String object, Throwable cause) {
        String what = "Could not read " + object;
        Optional<SourceRefusedException> refused = KafkaRefusal.of(what, cause);
        return refused.isPresent()
                ? refused.get()
                : new IOException(
                        what
                                + ": is sourceConfig.kafka right, its securityProtocol too, and is"
                                + " the broker up? ("
                                + cause
                                + ")",
                        cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}

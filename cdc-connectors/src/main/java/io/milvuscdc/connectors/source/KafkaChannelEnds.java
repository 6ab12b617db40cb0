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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
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
        return ask(
                "the " + which + " offsets of " + channels,
                () -> {
                    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
                    for (String topic : topics(channels::contains)) {
                        wanted.put(new TopicPartition(topic, 0), spec);
                    }
                    Map<String, MqPosition> offsets = new HashMap<>();
                    await(admin.listOffsets(wanted).all())
                            .forEach(
                                    (partition, info) ->
                                            offsets.put(
                                                    partition.topic(),
                                                    MqPosition.ofKafkaOffset(info.offset())));
                    return offsets;
                });
    }

    private List<String> topics(Predicate<String> wanted)
            throws ExecutionException, TimeoutException, InterruptedException {
        return await(admin.listTopics().names()).stream().filter(wanted).toList();
    }

    private static <T> T await(KafkaFuture<T> answer)
            throws ExecutionException, TimeoutException, InterruptedException {
        return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What the broker is asked. */
    private interface Question<T> {
        T ask() throws ExecutionException, TimeoutException, InterruptedException;
    }

    private <T> T ask(String object, Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (ExecutionException e) {
            throw unread(object, e.getCause());
        } catch (TimeoutException e) {
            throw unread(object, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unread(object, e);
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
        return ask(
                RETENTION + " of " + channels,
                () -> {
                    List<ConfigResource> wanted =
                            topics(channels::isPchannel).stream()
                                    .map(t -> new ConfigResource(ConfigResource.Type.TOPIC, t))
                                    .toList();
                    return await(admin.describeConfigs(wanted).all()).values().stream()
                            .map(config -> Long.parseLong(config.get(RETENTION).value()))
                            .filter(millis -> millis >= 0)
                            .min(Comparator.naturalOrder())
                            .map(Duration::ofMillis);
                });
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

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * {@link ChannelEnds} by Kafka's admin client. The replicate channel is included when it exists.
 */
final class KafkaChannelEnds implements ChannelEnds {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SourceChannels channels;
    private final Admin admin;

    KafkaChannelEnds(KafkaQueue queue, SourceChannels channels) {
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

    private IOException failed(String which, Throwable cause) {
        String what = "Could not read the " + which + " offsets of " + channels;
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

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
public final class KafkaChannelEnds implements ChannelEnds {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SourceChannels channels;
    private final Admin admin;

    public KafkaChannelEnds(SourceChannels channels) {
        this.channels = channels;
        Properties properties = new Properties();
        properties.putAll(channels.kafkaProperties());
        properties.setProperty(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, channels.bootstrapServers());
        this.admin = Admin.create(properties);
    }

    @Override
    public Map<String, MqPosition> ends() throws IOException {
        try {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            for (String topic :
                    admin.listTopics().names().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                if (channels.isPchannel(topic) || topic.equals(channels.replicateChannel())) {
                    wanted.put(new TopicPartition(topic, 0), OffsetSpec.latest());
                }
            }
            Map<TopicPartition, ListOffsetsResultInfo> found =
                    admin.listOffsets(wanted).all().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            Map<String, MqPosition> ends = new HashMap<>();
            found.forEach(
                    (partition, info) ->
                            ends.put(partition.topic(), MqPosition.ofKafkaOffset(info.offset())));
            return ends;
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (TimeoutException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private IOException failed(Throwable cause) {
        return new IOException(
                "Could not read the end offsets of "
                        + channels
                        + " (is sourceConfig.kafka right, is the broker up?): "
                        + cause,
                cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqMessageIds;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.Source;

/**
 * A Kafka. It keeps nothing for a task: how long a task may be paused is the topics' retention.
 *
 * @param bootstrapServers {@code host:port,host:port}
 * @param properties further consumer properties (security, fetch sizes); may hold secrets
 */
public record KafkaQueue(String bootstrapServers, Map<String, String> properties)
        implements MessageQueue {

    public KafkaQueue {
        properties = new TreeMap<>(properties);
    }

    @Override
    public Source<ChannelMessage, ?, ?> source(
            SourceChannels channels, StartPoint start, String taskId, boolean inStep) {
        return KafkaChannelSource.of(this, channels, start, inStep);
    }

    @Override
    public ChannelEnds ends(SourceChannels channels) {
        return new KafkaChannelEnds(this, channels);
    }

    @Override
    public MqMessageIds messageIds() {
        return MqMessageIds.KAFKA;
    }

    @Override
    public void hold(SourceChannels channels, String taskId) {
        // retention alone decides
    }

    @Override
    public void release(SourceChannels channels, String taskId) {
        // there is nothing
    }

    @Override
    public String toString() {
        return "Kafka " + bootstrapServers;
    }
}

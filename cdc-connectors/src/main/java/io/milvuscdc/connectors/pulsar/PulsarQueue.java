// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import java.io.IOException;
import org.apache.flink.api.connector.source.Source;

/**
 * A Pulsar. A durable subscription of the task's name on every channel holds what the task hasn't
 * read; it moves when a checkpoint is complete and goes with the task.
 *
 * @param serviceUrl {@code pulsar://host:port} or {@code pulsar+ssl://host:port}
 * @param namespace the tenant's namespace that Milvus' topics are in
 */
public record PulsarQueue(
        String serviceUrl, String tenant, String namespace, PulsarLogin login, PulsarTls tls)
        implements MessageQueue {

    /** Without login, with the machine's certificates where the address asks for TLS. */
    public static PulsarQueue of(String serviceUrl) {
        return new PulsarQueue(serviceUrl, "public", "default", PulsarLogin.NONE, PulsarTls.SYSTEM);
    }

    /** The name of a task's subscription. */
    public static String subscription(String taskId) {
        return "milvus-cdc-" + taskId;
    }

    @Override
    public Source<ChannelMessage, ?, ?> source(
            SourceChannels channels, StartPoint start, String taskId, boolean inStep) {
        return new PulsarChannelSource(this, channels, start, subscription(taskId), inStep);
    }

    @Override
    public ChannelEnds ends(SourceChannels channels) throws IOException {
        return PulsarChannelEnds.open(this, channels);
    }

    @Override
    public MqMessageIds messageIds() {
        return MqMessageIds.PULSAR;
    }

    @Override
    public void hold(SourceChannels channels, String taskId) throws IOException {
        try (PulsarConnection connection = PulsarConnection.open(this)) {
            Backlog.make(connection, channels, subscription(taskId));
        }
    }

    @Override
    public void release(SourceChannels channels, String taskId) throws IOException {
        try (PulsarConnection connection = PulsarConnection.open(this)) {
            Backlog.remove(connection, channels, subscription(taskId));
        }
    }

    boolean usesTls() {
        return serviceUrl.startsWith("pulsar+ssl://");
    }

    /** The full name of a channel's topic. */
    String topic(String channel) {
        return "persistent://" + tenant + "/" + namespace + "/" + channel;
    }

    @Override
    public String toString() {
        return "Pulsar " + serviceUrl + ", namespace " + tenant + "/" + namespace;
    }
}

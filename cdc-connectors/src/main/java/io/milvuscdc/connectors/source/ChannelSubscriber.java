// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.failure.SourceRefusedException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the source's pchannels and its replicate channel among the broker's topics. Milvus writes
 * partition 0 only, whatever the topic has ({@code pkg/mq/msgstream/mqwrapper/kafka}), so that is
 * what is read.
 */
final class ChannelSubscriber implements KafkaSubscriber {

    @Serial private static final long serialVersionUID = 1L;

    private final SourceChannels channels;

    ChannelSubscriber(SourceChannels channels) {
        this.channels = channels;
    }

    @Override
    public Set<TopicPartition> getSubscribedTopicPartitions(AdminClient admin) {
        Set<TopicPartition> partitions = new HashSet<>();
        for (String topic : topics(admin)) {
            if (channels.contains(topic)) {
                partitions.add(new TopicPartition(topic, 0));
            }
        }
        return partitions;
    }

    private Set<String> topics(AdminClient admin) {
        try {
            return admin.listTopics().names().get();
        } catch (ExecutionException e) {
            String what = "Could not list the topics of " + channels;
            Optional<SourceRefusedException> refused = KafkaRefusal.of(what, e);
            if (refused.isPresent()) {
                throw new UncheckedIOException(refused.get());
            }
            throw new IllegalStateException(what + ": " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "Interrupted while listing the topics of " + channels, e);
        }
    }
}

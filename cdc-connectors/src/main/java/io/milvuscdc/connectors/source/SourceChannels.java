// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import java.io.Serializable;
import java.util.Map;

/**
 * Which channels of which message queue make up the source. Its text form shows no secret.
 *
 * @param pchannelPrefix the pchannels are the topics {@code {pchannelPrefix}_{number}}, for example
 *     {@code by-dev-rootcoord-dml}
 * @param replicateChannel the topic of the source's replicate channel; it may not exist before its
 *     first message
 */
public record SourceChannels(MessageQueue queue, String pchannelPrefix, String replicateChannel)
        implements Serializable {

    /** Channels in a Kafka. */
    public SourceChannels(
            String bootstrapServers,
            String pchannelPrefix,
            String replicateChannel,
            Map<String, String> kafkaProperties) {
        this(new KafkaQueue(bootstrapServers, kafkaProperties), pchannelPrefix, replicateChannel);
    }

    /** Whether a topic is one of the source's: a pchannel or the replicate channel. */
    public boolean contains(String topic) {
        return isPchannel(topic) || topic.equals(replicateChannel);
    }

    /** Whether a topic is a pchannel of this source (the replicate channel is not). */
    public boolean isPchannel(String topic) {
        int cut = pchannelPrefix.length();
        return topic.length() > cut + 1
                && topic.startsWith(pchannelPrefix)
                && topic.charAt(cut) == '_'
                && topic.chars().skip(cut + 1L).allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        return queue + ", pchannels " + pchannelPrefix + "_*";
    }
}

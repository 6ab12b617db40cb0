// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which channels of which broker make up the source. Its text form shows no secret.
 *
 * @param bootstrapServers Kafka's {@code host:port,host:port}
 * @param pchannelPrefix the pchannels are the topics {@code {pchannelPrefix}_{number}}, for example
 *     {@code by-dev-rootcoord-dml}
 * @param replicateChannel the topic of the source's replicate channel; on Kafka it doesn't exist
 *     before its first message
 * @param kafkaProperties further consumer properties (security, fetch sizes); may hold secrets
 */
public record SourceChannels(
        String bootstrapServers,
        String pchannelPrefix,
        String replicateChannel,
        Map<String, String> kafkaProperties)
        implements Serializable {

    public SourceChannels {
        kafkaProperties = new TreeMap<>(kafkaProperties);
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
        return "Kafka " + bootstrapServers + ", pchannels " + pchannelPrefix + "_*";
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import java.io.Serializable;
import java.util.Map;

/**
 * The Kafka side of the source. Its text form shows no secret.
 *
 * @param kafkaBootstrapServers {@code host:port}, comma separated
 * @param channelPrefix what the names of all pchannels begin with, {@code by-dev-rootcoord-dml}
 * @param replicateChannel topic of the operations, {@code by-dev-replicate-msg}
 * @param kafkaProperties further client properties, login included
 */
public record SourceChannels(
        String kafkaBootstrapServers,
        String channelPrefix,
        String replicateChannel,
        Map<String, String> kafkaProperties)
        implements Serializable {

    public SourceChannels {
        kafkaProperties = Map.copyOf(kafkaProperties);
    }

    @Override
    public String toString() {
        return "Kafka " + kafkaBootstrapServers + ", pchannels " + channelPrefix + "_*";
    }
}

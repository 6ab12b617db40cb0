// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.KafkaChannelEnds;
import io.milvuscdc.connectors.source.SourceChannels;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a new task starts to read. Fixed once and stored with the task, so that a crash before the
 * first checkpoint loses nothing.
 */
public final class StartPositions {

    private StartPositions() {}

    /**
     * Blocks for some seconds at most.
     *
     * @param fromCollectionStart read every live collection from its creation on; otherwise only
     *     what is written from now on
     * @return by channel, the first offset to read; a channel that doesn't exist yet is not in it
     *     and will be read from its beginning
     * @throws IOException in words, when etcd or the broker doesn't answer
     */
    public static Map<String, Long> resolve(
            EtcdConfig etcd, SourceChannels channels, boolean fromCollectionStart)
            throws IOException {
        Map<String, Long> offsets = new TreeMap<>();
        try (ChannelEnds ends = new KafkaChannelEnds(channels)) {
            ends.ends().forEach((channel, end) -> offsets.put(channel, end.entry()));
        }
        if (fromCollectionStart) {
            try (SourceCatalogue catalogue = SourceCatalogue.open(etcd)) {
                for (SourceCollection collection : catalogue.collections()) {
                    for (Map.Entry<String, ByteString> start :
                            collection.startPositions().entrySet()) {
                        MqPosition position = MqMessageIds.KAFKA.decode(start.getValue());
                        offsets.merge(start.getKey(), position.entry(), Math::min);
                    }
                }
            }
        }
        return offsets;
    }
}

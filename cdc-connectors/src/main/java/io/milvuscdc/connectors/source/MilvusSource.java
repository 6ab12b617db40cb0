// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.Serial;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Reads all pchannels of a source Milvus and its replicate channel, a split per channel.
 *
 * <p>A {@link KafkaSource} does the reading; what is added here is the choice of the topics, start
 * positions that are never reset, the decoding, and errors that name the channel. Pchannels that
 * appear later are found within {@link #DISCOVERY_MILLIS} and read from their beginning.
 */
public final class MilvusSource
        implements Source<ChannelMessage, KafkaPartitionSplit, KafkaSourceEnumState>,
                ResultTypeQueryable<ChannelMessage> {

    /**
     * How soon a new pchannel is read. Ticks wait for it, so it is part of the lag of a pchannel's
     * very first collection.
     */
    static final long DISCOVERY_MILLIS = 500;

    @Serial private static final long serialVersionUID = 1L;

    private final SourceChannels channels;
    private final KafkaSource<ChannelMessage> kafka;

    private MilvusSource(SourceChannels channels, KafkaSource<ChannelMessage> kafka) {
        this.channels = channels;
        this.kafka = kafka;
    }

    /**
     * Reads from given offsets on.
     *
     * @param startOffsets by channel, the first offset to read; channels that aren't in it are read
     *     from their beginning
     */
    public static MilvusSource of(SourceChannels channels, Map<String, Long> startOffsets) {
        Properties properties = new Properties();
        properties.putAll(channels.kafkaProperties());
        properties.setProperty("partition.discovery.interval.ms", Long.toString(DISCOVERY_MILLIS));
        // positions are Flink's alone: a group's committed offsets would be a second truth
        properties.setProperty("commit.offsets.on.checkpoint", "false");
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        // Milvus' messages may have up to 10 MiB (message.max.bytes of its producer)
        properties.putIfAbsent(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(10 << 20));
        return new MilvusSource(
                channels,
                KafkaSource.<ChannelMessage>builder()
                        .setBootstrapServers(channels.bootstrapServers())
                        .setKafkaSubscriber(new ChannelSubscriber(channels))
                        .setStartingOffsets(new StartOffsets(startOffsets))
                        .setDeserializer(new ChannelMessageDeserializer())
                        .setProperties(properties)
                        .build());
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<ChannelMessage, KafkaPartitionSplit> createReader(
            SourceReaderContext context) throws Exception {
        return new MilvusSourceReader(channels, kafka.createReader(context));
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        return kafka.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state)
            throws Exception {
        return kafka.restoreEnumerator(context, state);
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return kafka.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
        return kafka.getEnumeratorCheckpointSerializer();
    }

    @Override
    public TypeInformation<ChannelMessage> getProducedType() {
        return ChannelMessageTypeInfo.INSTANCE;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.Serial;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * {@link MilvusSource} on Kafka.
 *
 * <p>A {@link KafkaSource} does the reading; what is added here is the choice of the topics, start
 * positions that are kept and never reset, the decoding, and errors that name the channel.
 * Pchannels that appear later are found within {@link MilvusSource#DISCOVERY_MILLIS} and read from
 * their beginning.
 */
final class KafkaChannelSource
        implements Source<ChannelMessage, KafkaPartitionSplit, KafkaEnumeratorState>,
                ResultTypeQueryable<ChannelMessage> {

    @Serial private static final long serialVersionUID = 1L;

    private final SourceChannels channels;
    private final StartPoint start;
    private final boolean inStep;
    private final ChannelMessageDeserializer deserializer; // the one in kafka
    private final KafkaSource<ChannelMessage> kafka;

    private KafkaChannelSource(
            SourceChannels channels,
            StartPoint start,
            boolean inStep,
            ChannelMessageDeserializer deserializer,
            KafkaSource<ChannelMessage> kafka) {
        this.channels = channels;
        this.start = start;
        this.inStep = inStep;
        this.deserializer = deserializer;
        this.kafka = kafka;
    }

    /**
     * Reads from a given point on.
     *
     * @param start channels that aren't in it are read from their beginning
     * @param inStep whether checkpoints are kept right behind ticks
     */
    static KafkaChannelSource of(
            KafkaQueue queue, SourceChannels channels, StartPoint start, boolean inStep) {
        Properties properties = new Properties();
        properties.putAll(queue.properties());
        properties.setProperty(
                "partition.discovery.interval.ms", Long.toString(MilvusSource.DISCOVERY_MILLIS));
        // positions are Flink's alone: a group's committed offsets would be a second truth
        properties.setProperty("commit.offsets.on.checkpoint", "false");
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        // Milvus' messages may have up to 10 MiB (message.max.bytes of its producer)
        properties.putIfAbsent(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(10 << 20));
        // several lots of this are in memory at a time; with Kafka's 50 MiB and 500 records a job
        // of 16 busy pchannels doesn't fit into the default heap
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(10 << 20));
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "100");
        ChannelMessageDeserializer deserializer = new ChannelMessageDeserializer();
        return new KafkaChannelSource(
                channels,
                start,
                inStep,
                deserializer,
                KafkaSource.<ChannelMessage>builder()
                        .setBootstrapServers(queue.bootstrapServers())
                        .setKafkaSubscriber(new ChannelSubscriber(channels))
                        .setStartingOffsets(new NeverReset())
                        .setDeserializer(deserializer)
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
        deserializer.reportTo(TickReporter.of(context, inStep));
        return new KafkaChannelReader(channels, kafka.createReader(context));
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaEnumeratorState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        ChannelHandout handout =
                new ChannelHandout(context, KafkaEnumeratorState.offsets(start), Set.of());
        return new KafkaEnumerator(
                kafka.createEnumerator(handout), handout, CheckpointsInStep.of(context, inStep));
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaEnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaEnumeratorState state)
            throws Exception {
        ChannelHandout handout =
                new ChannelHandout(
                        context, state.startsOr(start), state.connector().assignedPartitions());
        return new KafkaEnumerator(
                kafka.restoreEnumerator(handout, state.connector()),
                handout,
                CheckpointsInStep.of(context, inStep));
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return kafka.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaEnumeratorState> getEnumeratorCheckpointSerializer() {
        return new KafkaEnumeratorStateSerializer(kafka.getEnumeratorCheckpointSerializer());
    }

    @Override
    public TypeInformation<ChannelMessage> getProducedType() {
        return ChannelMessageTypeInfo.INSTANCE;
    }
}

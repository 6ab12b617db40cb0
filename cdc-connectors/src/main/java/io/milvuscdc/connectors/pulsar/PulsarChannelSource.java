// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.ChannelMessageTypeInfo;
import io.milvuscdc.connectors.source.CheckpointsInStep;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.source.TickReporter;
import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/**
 * {@link io.milvuscdc.connectors.source.MilvusSource} on Pulsar.
 *
 * <p>Why not flink-connector-pulsar 4.1.0-1.18, the newest: it goes on behind the whole batch that
 * a checkpoint cuts (FLINK-36180), goes on elsewhere in silence when retention has removed its
 * position, refuses non-durable subscriptions and leaves its own behind.
 */
final class PulsarChannelSource
        implements Source<ChannelMessage, PulsarSplit, PulsarEnumeratorState>,
                ResultTypeQueryable<ChannelMessage> {

    @Serial private static final long serialVersionUID = 1L;

    private final PulsarQueue queue;
    private final SourceChannels channels;
    private final StartPoint start;
    private final String subscription;
    private final boolean inStep;

    PulsarChannelSource(
            PulsarQueue queue,
            SourceChannels channels,
            StartPoint start,
            String subscription,
            boolean inStep) {
        this.queue = queue;
        this.channels = channels;
        this.start = start;
        this.subscription = subscription;
        this.inStep = inStep;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<ChannelMessage, PulsarSplit> createReader(SourceReaderContext context)
            throws IOException {
        PulsarConnection connection = PulsarConnection.open(queue);
        SourceReaderMetricGroup metrics = context.metricGroup();
        Backlog backlog =
                new Backlog(
                        connection,
                        subscription,
                        metrics.addGroup("PulsarSourceReader").counter("commitsSucceeded"),
                        metrics.addGroup("PulsarSourceReader").counter("commitsFailed"));
        EndWatch ends = new EndWatch(backlog::tail, System::currentTimeMillis);
        return new PulsarSourceReader(
                connection, backlog, ends, TickReporter.of(context, inStep), context);
    }

    @Override
    public SplitEnumerator<PulsarSplit, PulsarEnumeratorState> createEnumerator(
            SplitEnumeratorContext<PulsarSplit> context) {
        return enumerator(context, Set.of(), start.channels());
    }

    @Override
    public SplitEnumerator<PulsarSplit, PulsarEnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<PulsarSplit> context, PulsarEnumeratorState state) {
        return enumerator(context, state.assigned(), state.startsOr(start));
    }

    private SplitEnumerator<PulsarSplit, PulsarEnumeratorState> enumerator(
            SplitEnumeratorContext<PulsarSplit> context,
            Set<String> assigned,
            Map<String, MqPosition> starts) {
        return new PulsarEnumerator(
                queue, channels, context, CheckpointsInStep.of(context, inStep), assigned, starts);
    }

    @Override
    public SimpleVersionedSerializer<PulsarSplit> getSplitSerializer() {
        return new PulsarSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<PulsarEnumeratorState> getEnumeratorCheckpointSerializer() {
        return new PulsarEnumeratorStateSerializer();
    }

    @Override
    public TypeInformation<ChannelMessage> getProducedType() {
        return ChannelMessageTypeInfo.INSTANCE;
    }
}

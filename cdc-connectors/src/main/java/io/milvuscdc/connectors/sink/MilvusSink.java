// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.feeding.FeedLease;
import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Writes a source's channels to a standby Milvus exactly once: the time tick is the commit.
 *
 * <pre>
 * ChannelMessage ─► writer (n) ── WriterReport ──► coordinator (1) ── CommitUnit ──► committer (1)
 *                   rows, ahead                    decides the tick T,               after the checkpoint: ticks T,
 *                   of any tick                    keeps later drops                 drops ≤ T, then metadata
 * </pre>
 *
 * <p>A halt at any point is mended by the checkpoint: a unit that was not committed is committed on
 * restore, rows after the checkpoint are sent again with the same msgIDs and timestamps, and
 * because no newer tick than the checkpoint's was sent in between, the target drops the copies
 * ({@code MqTtMsgStream}, 2.3.2 to 2.5).
 */
public final class MilvusSink
        implements Sink<ChannelMessage>,
                SupportsWriterState<ChannelMessage, WriterState>,
                SupportsCommitter<CommitUnit>,
                SupportsPreCommitTopology<WriterReport, CommitUnit> {

    @Serial private static final long serialVersionUID = 1L;

    private final SinkConfig config;

    public MilvusSink(SinkConfig config) {
        this.config = config;
    }

    /** Flink 1.20 calls the other one; this is left of an older interface. */
    @Override
    @SuppressWarnings("deprecation")
    public SinkWriter<ChannelMessage> createWriter(InitContext context) {
        throw new UnsupportedOperationException("Flink 1.19 or newer is needed");
    }

    @Override
    public StatefulSinkWriter<ChannelMessage, WriterState> createWriter(WriterInitContext context)
            throws IOException {
        return restoreWriter(context, List.of());
    }

    @Override
    public StatefulSinkWriter<ChannelMessage, WriterState> restoreWriter(
            WriterInitContext context, Collection<WriterState> recovered) throws IOException {
        return openWriter(
                config,
                recovered,
                context.metricGroup(),
                config.feedLease(
                        context.getJobInfo().getJobId().toHexString(),
                        writer(context.getTaskInfo())));
    }

    /** A writer's name within its job. */
    static String writer(TaskInfo task) {
        return "writer-" + task.getIndexOfThisSubtask();
    }

    /** The writer with its connections to the source's etcd and the target. */
    static MilvusSinkWriter openWriter(
            SinkConfig config,
            Collection<WriterState> recovered,
            SinkWriterMetricGroup metrics,
            FeedLease feeding)
            throws IOException {
        ApiCalls calls = new ApiCalls(metrics);
        return Parts.assemble(
                parts ->
                        new MilvusSinkWriter(
                                parts.add(CatalogueRouter.open(config, recovered, calls, feeding)),
                                parts.add(ReplicateApplier.open(config.target(), calls)),
                                parts.add(feeding),
                                config.retries(),
                                config.channels().replicateChannel(),
                                config.scope().userRoles(),
                                config.start(),
                                recovered,
                                metrics));
    }

    @Override
    public DataStream<CommittableMessage<CommitUnit>> addPreCommitTopology(
            DataStream<CommittableMessage<WriterReport>> reports) {
        return reports.global()
                .transform(
                        "Coordinate ticks",
                        CommittableMessageTypeInfo.of(this::getCommittableSerializer),
                        new TickCoordinatorFactory(config, Duration.ZERO))
                .uid("coordinator")
                .setParallelism(1)
                .setMaxParallelism(1)
                .global();
    }

    @Override
    public Committer<CommitUnit> createCommitter(CommitterInitContext context) throws IOException {
        return TickCommitter.open(config, context);
    }

    @Override
    public SimpleVersionedSerializer<WriterReport> getWriteResultSerializer() {
        return WriterReport.SERIALIZER;
    }

    @Override
    public SimpleVersionedSerializer<CommitUnit> getCommittableSerializer() {
        return CommitUnit.SERIALIZER;
    }

    @Override
    public SimpleVersionedSerializer<WriterState> getWriterStateSerializer() {
        return WriterState.SERIALIZER;
    }
}

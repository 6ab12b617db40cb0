// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import io.milvuscdc.connectors.checkpoint.SealedStorageFactory;
import io.milvuscdc.connectors.sink.ReplicationTail;
import io.milvuscdc.connectors.sink.RetryPolicy;
import io.milvuscdc.connectors.sink.SinkConfig;
import io.milvuscdc.connectors.source.CheckpointsInStep;
import io.milvuscdc.connectors.source.MilvusSource;
import io.milvuscdc.connectors.source.TickWatermarks;
import java.time.Duration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job graph of a task: the source and the sink's writer in one chain, because a vchannel lives
 * in one pchannel and so in one reader; coordinator and committer behind it, once.
 */
public final class ReplicationJob {

    /**
     * Milvus ticks a pchannel in use every 200 ms; one that is silent for this long doesn't hold
     * back Flink's watermark.
     */
    private static final Duration IDLE_AFTER = Duration.ofSeconds(1);

    /**
     * How far, in event time, one pchannel may run ahead of the slowest in a catch-up: the target
     * keeps that in memory.
     */
    private static final Duration MAX_DRIFT = Duration.ofSeconds(30);

    /**
     * The most readers and writers that a job can ever have: it's part of every checkpoint, and
     * Flink refuses one with another number. Flink's own choice depends on the parallelism of the
     * first start; this is the one for up to 85, so that checkpoints from before it was said fit.
     */
    static final int MAX_PARALLELISM = 128;

    /** Beside longer intervals a tick's wait doesn't count. */
    private static final Duration LONGEST_IN_STEP = Duration.ofSeconds(2);

    private ReplicationJob() {}

    /**
     * Adds source, operators and sink of the task to {@code env}, and the settings that its
     * guarantee depends on.
     */
    public static void define(StreamExecutionEnvironment env, TaskSpec spec) {
        env.enableCheckpointing(
                spec.checkpointInterval().toMillis(), CheckpointingMode.EXACTLY_ONCE);
        if (staysInStep(spec)) {
            // what lets it move them: the longer interval isn't meant for backlogs
            env.getCheckpointConfig()
                    .setCheckpointIntervalDuringBacklog(2 * spec.checkpointInterval().toMillis());
        }
        // the protocol counts on every report being ahead of its checkpoint's barrier
        env.getCheckpointConfig().enableUnalignedCheckpoints(false);
        env.getCheckpointConfig().setMaxConcurrentCheckpoints(1);
        // the newest checkpoint is the only way to go on without doubling rows, so that nothing but
        // a
        // savepoint may take its place
        env.getCheckpointConfig()
                .setExternalizedCheckpointRetention(
                        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        SealedStorageFactory.useIn(env);
        env.getConfig().enableObjectReuse();
        // rows stay in one chain: what crosses a network is a few reports and ticks per checkpoint,
        // which Flink would hold for up to 100 ms at each of two hops
        env.setBufferTimeout(0);
        if (env.getMaxParallelism() <= 0) {
            // pipeline.max-parallelism isn't set
            env.setMaxParallelism(MAX_PARALLELISM);
        }
        ReplicationTail.attach(
                env.fromSource(
                                MilvusSource.of(
                                        spec.channels(),
                                        spec.start(),
                                        spec.taskId(),
                                        staysInStep(spec)),
                                TickWatermarks.of(IDLE_AFTER, MAX_DRIFT),
                                "Read source channels")
                        .uid("source"),
                sinkConfig(spec));
    }

    /**
     * Whether the source moves the checkpoints to right behind ticks, where they only stay if
     * there's a whole number of ticks between two.
     */
    private static boolean staysInStep(TaskSpec spec) {
        return spec.guarantee() == DeliveryGuarantee.EXACTLY_ONCE
                && spec.checkpointInterval().toMillis() % CheckpointsInStep.TICK_MILLIS == 0
                && spec.checkpointInterval().compareTo(LONGEST_IN_STEP) <= 0;
    }

    private static SinkConfig sinkConfig(TaskSpec spec) {
        return new SinkConfig(
                spec.taskId(),
                spec.controlPlane(),
                spec.etcd(),
                spec.channels(),
                spec.target(),
                spec.scope(),
                spec.start(),
                spec.guarantee() == DeliveryGuarantee.EXACTLY_ONCE,
                RetryPolicy.DEFAULT);
    }
}

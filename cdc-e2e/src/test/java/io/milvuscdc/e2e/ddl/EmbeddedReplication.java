// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.job.ReplicationJob;
import io.milvuscdc.job.TaskSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;

/** A Flink inside this JVM that runs one replication job at a time. */
final class EmbeddedReplication implements AutoCloseable {

    /** More than one, so that pchannels are spread over several readers and writers. */
    private static final int PARALLELISM = 2;

    private static final Duration RUNNING = Await.PATIENCE;
    private static final long SAVEPOINT_SECONDS = 300;

    private final Configuration configuration = new Configuration();
    private final Path directory;
    private final MiniCluster cluster;
    private JobID job;

    private EmbeddedReplication(Path directory, Configuration more) {
        this.directory = directory;
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.addAll(more);
        this.cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(PARALLELISM)
                                .build());
    }

    /** Starts Flink without a job; it keeps its checkpoints in {@code directory}. */
    static EmbeddedReplication start(Path directory, Configuration more) throws Exception {
        EmbeddedReplication replication = new EmbeddedReplication(directory, more);
        replication.cluster.start();
        return replication;
    }

    /** Starts a job, from a savepoint if there is one, and returns when all of it runs. */
    void run(TaskSpec spec, Optional<String> savepoint) throws Exception {
        submit(spec, savepoint);
        Await.until(
                "the job to run",
                RUNNING,
                () ->
                        cluster.getExecutionGraph(job).get().getAllVertices().values().stream()
                                .allMatch(
                                        vertex ->
                                                vertex.getAggregateState()
                                                        .name()
                                                        .equals("RUNNING")),
                this::failure);
    }

    /** As {@link #run}, but returns at once. */
    void submit(TaskSpec spec, Optional<String> savepoint) throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(PARALLELISM);
        ReplicationJob.define(env, spec);
        JobGraph graph = env.getStreamGraph().getJobGraph();
        savepoint.ifPresent(
                path -> graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(path)));
        job = cluster.submitJob(graph).get().getJobID();
    }

    /** Stops the job and returns the savepoint to go on from. */
    String stop() throws Exception {
        return cluster.stopWithSavepoint(
                        job,
                        directory.resolve("savepoints").toUri().toString(),
                        false,
                        SavepointFormatType.CANONICAL)
                .get(SAVEPOINT_SECONDS, TimeUnit.SECONDS);
    }

    /** The job that was submitted last. */
    JobID job() {
        return job;
    }

    /** Why the job has ended for good; empty as long as it runs, or starts again by itself. */
    Optional<String> failure() {
        try {
            if (cluster.getJobStatus(job).get() != JobStatus.FAILED) {
                return Optional.empty();
            }
            Throwable cause =
                    cluster.requestJobResult(job)
                            .get()
                            .getSerializedThrowable()
                            .orElseThrow()
                            .deserializeError(getClass().getClassLoader());
            return Optional.of("the job failed: " + ExceptionUtils.stringifyException(cause));
        } catch (Exception e) {
            return Optional.of("the job's state can't be asked for: " + e);
        }
    }

    /** Cancels the job without a savepoint. */
    void cancel() throws Exception {
        cluster.cancelJob(job).get();
        Await.until(
                "the job to be cancelled",
                RUNNING,
                () -> cluster.getJobStatus(job).get().isGloballyTerminalState());
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.control.config.FlinkSettings;
import io.milvuscdc.job.TaskSpec;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.client.DuplicateJobSubmissionException;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.ExceptionUtils;

/**
 * A Flink cluster inside this process: one job manager with its web UI and one task manager. It
 * keeps nothing itself; after a restart of the process it knows no job.
 */
public final class EmbeddedFlink implements JobCluster, AutoCloseable {

    private static final Duration CALL_BOUND = Duration.ofSeconds(30);

    private final MiniCluster cluster;
    private final Configuration configuration;
    private final JobDefiner definer;
    private final URI webUi;
    private final Map<String, CompletableFuture<?>> starts = new ConcurrentHashMap<>();

    private EmbeddedFlink(
            MiniCluster cluster, Configuration configuration, JobDefiner definer, URI webUi) {
        this.cluster = cluster;
        this.configuration = configuration;
        this.definer = definer;
        this.webUi = webUi;
    }

    /**
     * Starts the cluster; returns when it takes jobs.
     *
     * @throws ClusterException it can't be started, for example because a port is taken
     */
    public static EmbeddedFlink start(FlinkSettings settings, JobDefiner definer)
            throws ClusterException, InterruptedException {
        Configuration configuration = configuration(settings);
        MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(
                                        configuration.get(TaskManagerOptions.NUM_TASK_SLOTS))
                                .build());
        try {
            FileSystem.initialize(configuration, null);
            // what a killed process left there is of no use
            Directories.remove(temporary(settings));
            Files.createDirectories(temporary(settings));
            cluster.start();
            URI webUi = ask("name its web UI", CALL_BOUND, cluster::getRestAddress);
            return new EmbeddedFlink(cluster, configuration, definer, webUi);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            // MiniCluster.start has closed itself
            throw new ClusterException(
                    "Flink can't be started (web UI on "
                            + settings.web()
                            + ", set by flink.webAddress and flink.webPort; files in "
                            + settings.dataDirectory()
                            + "): "
                            + FailureReason.of(e),
                    e);
        }
    }

    private static Configuration configuration(FlinkSettings settings) {
        Configuration configuration =
                GlobalConfiguration.loadConfiguration(settings.configDirectory().toString());
        configuration.set(RestOptions.ADDRESS, settings.web().host());
        configuration.set(RestOptions.BIND_ADDRESS, settings.web().host());
        configuration.set(RestOptions.PORT, settings.web().port());
        configuration.set(RestOptions.BIND_PORT, Integer.toString(settings.web().port()));
        configuration.set(JobManagerOptions.BIND_HOST, "localhost");
        configuration.set(CoreOptions.TMP_DIRS, temporary(settings).toString());
        return configuration;
    }

    private static Path temporary(FlinkSettings settings) {
        return settings.dataDirectory().resolve("tmp");
    }

    /** Where the web UI is, with the port that was really taken. */
    public URI webUi() {
        return webUi;
    }

    @Override
    public boolean isRunning() {
        try {
            return cluster.isRunning()
                    && ask("name its task managers", CALL_BOUND, cluster::getResourceOverview)
                                    .getNumberTaskManagers()
                            > 0;
        } catch (ClusterException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public JobObservation observe(String jobId) throws ClusterException, InterruptedException {
        // asked first: what is answered from now on, Flink knows
        CompletableFuture<?> start = starts.get(jobId);
        boolean mayCome = start != null && !start.isDone();
        JobStatus status;
        try {
            status =
                    ask(
                            "say what job " + jobId + " is doing",
                            CALL_BOUND,
                            () -> cluster.getJobStatus(JobID.fromHexString(jobId)));
        } catch (ClusterException e) {
            if (ExceptionUtils.findThrowable(e, FlinkJobNotFoundException.class).isPresent()) {
                return JobObservation.of(mayCome ? JobPhase.IN_DOUBT : JobPhase.ABSENT);
            }
            throw e;
        }
        return switch (status) {
            case FAILED -> new JobObservation(JobPhase.FAILED, endOf(jobId));
            case FAILING, RESTARTING -> new JobObservation(JobPhase.ACTIVE, lastFailureOf(jobId));
            case FINISHED, CANCELED -> JobObservation.of(JobPhase.ENDED);
            case SUSPENDED -> JobObservation.of(JobPhase.ABSENT);
            default -> JobObservation.of(JobPhase.ACTIVE);
        };
    }

    private String endOf(String jobId) throws ClusterException, InterruptedException {
        return awaitEnd(jobId, CALL_BOUND)
                .getSerializedThrowable()
                .map(FailureReason::of)
                .orElse("no reason given");
    }

    private JobResult awaitEnd(String jobId, Duration bound)
            throws ClusterException, InterruptedException {
        return ask(
                "say how job " + jobId + " ended",
                bound,
                () -> cluster.requestJobResult(JobID.fromHexString(jobId)));
    }

    private String lastFailureOf(String jobId) throws ClusterException, InterruptedException {
        AccessExecutionGraph graph =
                ask(
                        "say why job " + jobId + " is restarted",
                        CALL_BOUND,
                        () -> cluster.getExecutionGraph(JobID.fromHexString(jobId)));
        ErrorInfo failure = graph.getFailureInfo();
        return failure == null ? "" : FailureReason.of(failure.getException());
    }

    @Override
    public void submit(JobSubmission submission) throws ClusterException, InterruptedException {
        JobGraph graph;
        try {
            graph = graph(submission);
        } catch (RuntimeException e) {
            throw new ClusterException("the job can't be put together: " + FailureReason.of(e), e);
        }
        String jobId = submission.jobId();
        submit(
                jobId,
                CALL_BOUND,
                () -> {
                    CompletableFuture<?> start = cluster.submitJob(graph);
                    starts.values().removeIf(CompletableFuture::isDone);
                    starts.put(jobId, start);
                    return start;
                });
    }

    /** A start whose answer came too late may have happened: under its id it can't become two. */
    static void submit(String jobId, Duration bound, Supplier<CompletableFuture<?>> call)
            throws ClusterException, InterruptedException {
        try {
            ask("start job " + jobId, bound, call::get);
        } catch (ClusterException e) {
            DuplicateJobSubmissionException duplicate =
                    ExceptionUtils.findThrowable(e, DuplicateJobSubmissionException.class)
                            .orElseThrow(() -> e);
            if (duplicate.isGloballyTerminated()) {
                throw ClusterException.spent("Flink has had a job " + jobId + " that has ended");
            }
        }
    }

    private JobGraph graph(JobSubmission submission) {
        TaskSpec spec = submission.spec();
        Configuration job = new Configuration(configuration);
        job.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, FlinkPath.of(submission.checkpoints()));
        job.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, spec.checkpointInterval());
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(job);
        definer.define(environment, spec);
        StreamGraph graph = environment.getStreamGraph();
        graph.setJobName("milvus-cdc " + spec.taskId());
        if (!submission.restorePath().isEmpty()) {
            graph.setSavepointRestoreSettings(
                    SavepointRestoreSettings.forPath(
                            FlinkPath.of(Path.of(submission.restorePath()))));
        }
        return graph.getJobGraph(
                EmbeddedFlink.class.getClassLoader(), JobID.fromHexString(submission.jobId()));
    }

    @Override
    public String stopWithSavepoint(String jobId, Path savepoints, Duration bound)
            throws ClusterException, InterruptedException {
        String path =
                ask(
                        "stop job " + jobId + " with a savepoint",
                        bound,
                        () ->
                                cluster.stopWithSavepoint(
                                        JobID.fromHexString(jobId),
                                        FlinkPath.of(savepoints),
                                        false,
                                        SavepointFormatType.CANONICAL));
        awaitEnd(jobId, CALL_BOUND);
        return path;
    }

    @Override
    public void cancel(String jobId, Duration bound) throws ClusterException, InterruptedException {
        ask("cancel job " + jobId, CALL_BOUND, () -> cluster.cancelJob(JobID.fromHexString(jobId)));
        awaitEnd(jobId, bound);
    }

    /** Ends the cluster. Jobs that still run end with it and keep their newest checkpoint. */
    @Override
    public void close() throws ClusterException {
        try {
            ask("stop", CALL_BOUND, cluster::closeAsync);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T ask(
            String what, Duration bound, Supplier<CompletableFuture<? extends T>> call)
            throws ClusterException, InterruptedException {
        try {
            return call.get().get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ClusterException.unanswered(
                    "Flink can't " + what + ": no answer within " + bound.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new ClusterException(
                    "Flink can't " + what + ": " + FailureReason.of(e.getCause()), e);
        } catch (IllegalStateException e) {
            // thrown at once when the cluster has stopped
            throw new ClusterException("Flink can't " + what + ": it isn't running", e);
        }
    }
}

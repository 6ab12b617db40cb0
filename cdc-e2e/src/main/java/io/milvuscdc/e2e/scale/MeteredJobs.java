// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.control.cluster.ClusterException;
import io.milvuscdc.control.cluster.EmbeddedFlink;
import io.milvuscdc.control.cluster.JobObservation;
import io.milvuscdc.control.cluster.JobPhase;
import io.milvuscdc.control.cluster.JobSubmission;
import io.milvuscdc.control.config.FlinkSettings;
import io.milvuscdc.control.config.ListenAddress;
import io.milvuscdc.e2e.servers.EtcdServer;
import io.milvuscdc.e2e.servers.ProjectFiles;
import io.milvuscdc.job.DeliveryGuarantee;
import io.milvuscdc.job.ReplicationJob;
import io.milvuscdc.job.TaskSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;

/**
 * The Flink that the control plane has inside, with the distribution's settings, and one job at a
 * time in it. Used by one thread.
 */
final class MeteredJobs implements AutoCloseable {

    private static final Duration CANCEL_BOUND = Duration.ofMinutes(5);
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(10);

    private final Path directory;
    private final EmbeddedFlink flink;
    private int parallelism = 1;
    private String jobId = "";

    private MeteredJobs(Path directory) throws ClusterException, InterruptedException {
        this.directory = directory;
        this.flink =
                EmbeddedFlink.start(
                        FlinkSettings.embedded(
                                ProjectFiles.find(Path.of("flink-conf", "config.yaml")).getParent(),
                                directory,
                                new ListenAddress("127.0.0.1", 0),
                                Path.of("unused.jar")),
                        (environment, spec) -> {
                            environment.setParallelism(parallelism);
                            ReplicationJob.define(environment, spec);
                        });
    }

    static MeteredJobs start(Path directory) throws ClusterException, InterruptedException {
        return new MeteredJobs(directory);
    }

    /** Starts a job that reads all of a source. */
    void submit(TaskSpec spec, int withParallelism) throws ClusterException, InterruptedException {
        parallelism = withParallelism;
        jobId = new JobID().toHexString();
        flink.submit(new JobSubmission(jobId, spec, directory.resolve("checkpoints"), ""));
    }

    /** What makes it useless to wait for the job: it has ended, or had to start again. */
    Optional<String> failure() {
        try {
            JobObservation seen = flink.observe(jobId);
            return seen.phase() == JobPhase.ACTIVE && seen.failure().isEmpty()
                    ? Optional.empty()
                    : Optional.of("the job is " + seen.phase() + ": " + seen.failure());
        } catch (ClusterException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    void cancel() throws ClusterException, InterruptedException {
        flink.cancel(jobId, CANCEL_BOUND);
    }

    /**
     * A task of everything, from the first message on.
     *
     * @param target its URI
     */
    static TaskSpec spec(
            SourceLayout layout,
            MessageQueue queue,
            EtcdServer etcd,
            String target,
            ScalingPlan plan) {
        Map<String, MqPosition> starts = new TreeMap<>();
        layout.collections()
                .forEach(
                        collection ->
                                collection
                                        .pchannels()
                                        .forEach(p -> starts.put(p, new MqPosition(0, 0))));
        return new TaskSpec(
                "scaling",
                "",
                new EtcdConfig(List.of(etcd.endpoint()), layout.metaRoot(), "", ""),
                layout.channels(queue),
                TargetConfig.of(target, "", CONNECT_BOUND),
                ReplicationScope.EVERYTHING,
                DeliveryGuarantee.EXACTLY_ONCE,
                plan.checkpointInterval(),
                new StartPoint(starts, Map.of()));
    }

    @Override
    public void close() throws ClusterException {
        flink.close();
    }
}

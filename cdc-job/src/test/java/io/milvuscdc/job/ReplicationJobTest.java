// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

final class ReplicationJobTest {

    private static final TaskSpec SPEC = spec(DeliveryGuarantee.EXACTLY_ONCE);

    private static TaskSpec spec(DeliveryGuarantee guarantee) {
        return spec(guarantee, Duration.ofMillis(500));
    }

    private static TaskSpec spec(DeliveryGuarantee guarantee, Duration checkpointInterval) {
        return new TaskSpec(
                "t1",
                "",
                new EtcdConfig(List.of("http://127.0.0.1:1"), "by-dev/meta", "u", "etcd-secret"),
                new SourceChannels(
                        "127.0.0.1:1",
                        "by-dev-rootcoord-dml",
                        "by-dev-replicate-msg",
                        Map.of("sasl.jaas.config", "kafka-secret")),
                TargetConfig.of("http://127.0.0.1:1", "target-secret", Duration.ofSeconds(1)),
                ReplicationScope.EVERYTHING,
                guarantee,
                checkpointInterval,
                StartPoint.BEGINNING);
    }

    @Test
    void everyOperatorHasAUidSoThatACheckpointFitsALaterRelease() {
        assertThat(graph().getStreamNodes())
                .isNotEmpty()
                .allSatisfy(
                        node ->
                                assertThat(node.getTransformationUID())
                                        .as("uid of %s", node.getOperatorName())
                                        .isNotNull());
    }

    /** State belongs to a uid: one that is called differently is left out of a restore. */
    @Test
    void theUidsAreThoseOfEveryCheckpointThatThereIs() {
        assertThat(operators(graph()))
                .containsOnlyKeys("source", "sink", "sink: coordinator", "Sink Committer: sink");
    }

    @Test
    void theMostThatAJobCanBeRescaledToDoesNotDependOnItsFirstStart() {
        for (DeliveryGuarantee guarantee : DeliveryGuarantee.values()) {
            for (int parallelism : List.of(1, 2, 100, ReplicationJob.MAX_PARALLELISM)) {
                StreamExecutionEnvironment env = environment();
                env.setParallelism(parallelism);
                ReplicationJob.define(env, spec(guarantee));

                assertThat(most(env))
                        .as(
                                "of readers, coordinator, committer, %s with %d",
                                guarantee, parallelism)
                        .containsExactly(
                                ReplicationJob.MAX_PARALLELISM, 1, ReplicationJob.MAX_PARALLELISM);
            }
        }
    }

    @Test
    void theUsersOwnMaximumCounts() {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(
                        new Configuration().set(PipelineOptions.MAX_PARALLELISM, 720));
        ReplicationJob.define(env, SPEC);

        assertThat(most(env)).containsExactly(720, 1, 720);
    }

    @Test
    void aCancelledJobLeavesItsCheckpointWhateverTheClusterSays() {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(
                        new Configuration()
                                .set(
                                        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                                        ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION));
        ReplicationJob.define(env, SPEC);

        assertThat(env.getCheckpointConfig().getExternalizedCheckpointRetention())
                .isEqualTo(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    }

    @Test
    void checkpointsMayBeMovedIfTheyCanStayInStepWithTicks() {
        assertThat(duringBacklog(DeliveryGuarantee.EXACTLY_ONCE, 400)).isEqualTo(800);
        assertThat(duringBacklog(DeliveryGuarantee.EXACTLY_ONCE, 500)).isEqualTo(500);
        assertThat(duringBacklog(DeliveryGuarantee.EXACTLY_ONCE, 60_000)).isEqualTo(60_000);
        assertThat(duringBacklog(DeliveryGuarantee.AT_LEAST_ONCE, 400)).isEqualTo(400);
    }

    private static long duringBacklog(DeliveryGuarantee guarantee, long intervalMillis) {
        StreamExecutionEnvironment env = environment();
        ReplicationJob.define(env, spec(guarantee, Duration.ofMillis(intervalMillis)));
        return env.getCheckpointConfig().getCheckpointIntervalDuringBacklog();
    }

    /** Of each chain of operators, how often there can be one; -1 if that isn't said. */
    private static List<Integer> most(StreamExecutionEnvironment env) {
        return env
                .getStreamGraph()
                .getJobGraph()
                .getVerticesSortedTopologicallyFromSources()
                .stream()
                .map(JobVertex::getMaxParallelism)
                .toList();
    }

    @Test
    void operatorNamesAreReadable() {
        assertThat(graph().getStreamNodes())
                .extracting(StreamNode::getOperatorName)
                .anyMatch(name -> name.contains("Read source channels"))
                .anyMatch(name -> name.contains("Replicate to target"))
                .anyMatch(name -> name.contains("Coordinate ticks"));
    }

    @Test
    void theGraphThatUsersSeeHoldsNoSecret() {
        assertThat(graph().getStreamingPlanAsJSON()).doesNotContain("secret");
        assertThat(SPEC.toString()).doesNotContain("secret");
    }

    @Test
    void bothGuaranteesHaveTheSameOperatorsSoThatACheckpointOfOneFitsTheOther() {
        assertThat(operators(graph(spec(DeliveryGuarantee.AT_LEAST_ONCE))))
                .isEqualTo(operators(graph()));
    }

    /** By uid, which a checkpoint's state belongs to, the name. */
    private static Map<String, String> operators(StreamGraph graph) {
        Map<String, String> operators = new TreeMap<>();
        for (StreamNode node : graph.getStreamNodes()) {
            operators.put(node.getTransformationUID(), node.getOperatorName());
        }
        return operators;
    }

    private static StreamGraph graph() {
        return graph(SPEC);
    }

    private static StreamGraph graph(TaskSpec spec) {
        StreamExecutionEnvironment env = environment();
        ReplicationJob.define(env, spec);
        return env.getStreamGraph();
    }

    private static StreamExecutionEnvironment environment() {
        return StreamExecutionEnvironment.getExecutionEnvironment();
    }
}

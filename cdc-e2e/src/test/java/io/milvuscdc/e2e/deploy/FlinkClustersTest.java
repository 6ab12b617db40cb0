// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the manifests make Flink do, as Flink itself reads it. */
final class FlinkClustersTest {

    private static final String APPLICATION = "deploy/kubernetes/flink-application.yaml";
    private static final String SESSION = "deploy/kubernetes/flink-session.yaml";

    /** Keys of flink-conf/config.yaml that fit one machine, and not a cluster of pods. */
    private static final Set<String> OF_ONE_MACHINE =
            Set.of(
                    "jobmanager.bind-host",
                    "taskmanager.bind-host",
                    "taskmanager.numberOfTaskSlots",
                    "taskmanager.memory.managed.size",
                    "taskmanager.memory.network.min",
                    "taskmanager.memory.network.max",
                    "parallelism.default");

    @ParameterizedTest
    @ValueSource(strings = {APPLICATION, SESSION})
    void saysTheSameAsTheConfigurationThatTheTestsRunWith(String file) {
        Map<String, String> expected =
                new TreeMap<>(DeployFiles.flat(DeployFiles.yaml("flink-conf/config.yaml")));
        assertThat(expected.keySet()).containsAll(OF_ONE_MACHINE);
        expected.keySet().removeAll(OF_ONE_MACHINE);
        if (file.equals(SESSION)) {
            // the operator has no other way to submit
            expected.put("web.submit.enable", "true");
        }

        assertThat(configuration(file).toMap()).containsAllEntriesOf(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {APPLICATION, SESSION})
    void survivesTheLossOfItsJobManager(String file) {
        Configuration configuration = configuration(file);
        String mounted =
                deployment(file)
                        .at("/spec/podTemplate/spec/containers/0/volumeMounts/0/mountPath")
                        .asText();

        assertThat(HighAvailabilityMode.isHighAvailabilityModeActivated(configuration)).isTrue();
        assertThat(configuration.get(HighAvailabilityOptions.HA_STORAGE_PATH))
                .startsWith("file://" + mounted + "/");
        assertThat(configuration.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                .startsWith("file://" + mounted + "/");
        assertThat(configuration.get(CheckpointingOptions.SAVEPOINT_DIRECTORY))
                .startsWith("file://" + mounted + "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {APPLICATION, SESSION})
    void givesFlinkMemoryThatItCanDivide(String file) {
        Configuration configuration = configuration(file);
        configuration.set(JobManagerOptions.TOTAL_PROCESS_MEMORY, memory(file, "jobManager"));
        configuration.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, memory(file, "taskManager"));

        JobManagerProcessSpec jobManager =
                JobManagerProcessUtils.processSpecFromConfigWithNewOptionToInterpretLegacyHeap(
                        configuration, JobManagerOptions.JVM_HEAP_MEMORY);
        TaskExecutorProcessSpec taskManager =
                TaskExecutorProcessUtils.processSpecFromConfig(configuration);

        assertThat(jobManager.getJvmHeapMemorySize())
                .isGreaterThanOrEqualTo(MemorySize.ofMebiBytes(384));
        // the control plane replicates with a heap of 512 MiB for all of Flink
        assertThat(taskManager.getTaskHeapSize())
                .isGreaterThanOrEqualTo(MemorySize.ofMebiBytes(384));
    }

    private static MemorySize memory(String file, String role) {
        return MemorySize.parse(deployment(file).at("/spec/" + role + "/resource/memory").asText());
    }

    private static Configuration configuration(String file) {
        return Configuration.fromMap(
                DeployFiles.flat(deployment(file).at("/spec/flinkConfiguration")));
    }

    private static JsonNode deployment(String file) {
        return DeployFiles.documents(file).stream()
                .filter(manifest -> manifest.path("kind").asText().equals("FlinkDeployment"))
                .findFirst()
                .orElseThrow();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvuscdc.job.ReplicationMain;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KubernetesManifestsTest {

    private static final String CONTROL_PLANE = "deploy/kubernetes/control-plane.yaml";
    private static final String APPLICATION = "deploy/kubernetes/flink-application.yaml";
    private static final String SESSION = "deploy/kubernetes/flink-session.yaml";

    @ParameterizedTest
    @ValueSource(strings = {CONTROL_PLANE, APPLICATION, SESSION})
    void hasOnlyKeysThatItsKindsKnow(String file) throws IOException {
        for (JsonNode manifest : DeployFiles.documents(file)) {
            StrictManifests.read(manifest);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {APPLICATION, SESSION})
    void agreesWithTheOperatorsDefinitions(String file) {
        List<JsonNode> manifests =
                DeployFiles.documents(file).stream()
                        .filter(KubernetesManifestsTest::isFlinks)
                        .toList();

        assertThat(manifests).isNotEmpty();
        assertThat(manifests)
                .allSatisfy(
                        manifest ->
                                assertThat(StrictManifests.againstDefinition(manifest)).isEmpty());
    }

    /** That the checks above can fail. */
    @ParameterizedTest
    @CsvSource({
        CONTROL_PLANE + ",Deployment,/spec/template/spec/containers/0/securityContext",
        CONTROL_PLANE + ",Deployment,/spec/template/spec",
        CONTROL_PLANE + ",NetworkPolicy,/spec",
        CONTROL_PLANE + ",Secret,''",
        APPLICATION + ",FlinkDeployment,/spec",
        APPLICATION + ",FlinkDeployment,/spec/job",
        APPLICATION + ",FlinkDeployment,/spec/podTemplate/spec/securityContext",
        APPLICATION + ",FlinkDeployment,/spec/jobManager/podTemplate/spec/volumes/0/secret",
        SESSION + ",FlinkSessionJob,/spec/job"
    })
    void refusesAMisspeltKey(String file, String kind, String place) {
        JsonNode manifest = of(file, kind);
        ((ObjectNode) manifest.at(place)).put("misspelt", true);

        assertThatThrownBy(() -> StrictManifests.read(manifest))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("misspelt");
    }

    @Test
    void refusesAWrongTypeByTheOperatorsDefinition() {
        JsonNode manifest = of(APPLICATION, "FlinkDeployment");
        ((ObjectNode) manifest.at("/spec/job")).put("upgradeMode", "whatever");

        assertThat(StrictManifests.againstDefinition(manifest)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {CONTROL_PLANE, APPLICATION, SESSION})
    void mountsOnlyVolumesThatItHasAndThatComeFromTheSameFile(String file) {
        List<JsonNode> manifests = DeployFiles.documents(file);
        Set<String> volumes = new TreeSet<>();
        Set<String> mounts = new TreeSet<>();
        for (JsonNode object : objects(manifests)) {
            object.path("volumes").forEach(volume -> volumes.add(volume.path("name").asText()));
            object.path("volumeMounts").forEach(mount -> mounts.add(mount.path("name").asText()));
        }

        assertThat(mounts).isNotEmpty().isEqualTo(volumes);
        assertThat(referred(manifests, "secretName")).isEqualTo(named(manifests, "Secret"));
        assertThat(referred(manifests, "claimName"))
                .isEqualTo(named(manifests, "PersistentVolumeClaim"));
        assertThat(
                        objects(manifests).stream()
                                .map(object -> object.path("configMapRef").path("name").asText())
                                .filter(name -> !name.isEmpty()))
                .containsExactlyInAnyOrderElementsOf(named(manifests, "ConfigMap"));
    }

    @ParameterizedTest
    @ValueSource(strings = {CONTROL_PLANE, APPLICATION, SESSION})
    void givesPodsNoMoreRightsThanTheyNeed(String file) {
        List<JsonNode> pods =
                objects(DeployFiles.documents(file)).stream()
                        .filter(object -> object.at("/securityContext/runAsUser").isNumber())
                        .toList();

        assertThat(pods).hasSize(1);
        JsonNode pod = pods.get(0);
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                .isEqualTo("RuntimeDefault");
        assertThat(pod.path("containers")).hasSize(1);
        JsonNode rights = pod.path("containers").get(0).path("securityContext");
        assertThat(rights.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(rights.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(rights.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    }

    /** They begin as those of settings do. */
    @Test
    void getsNoVariablesOfItsService() {
        assertThat(
                        of(CONTROL_PLANE, "Deployment")
                                .at("/spec/template/spec/enableServiceLinks")
                                .asBoolean(true))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {CONTROL_PLANE, APPLICATION, SESSION})
    void keepsSecretsOutOfArgumentsAndVariables(String file) {
        for (JsonNode object : objects(DeployFiles.documents(file))) {
            assertThat(object.findValues("secretKeyRef")).isEmpty();
            assertThat(object.path("env")).isEmpty();
            assertThat(object.path("envFrom").findValues("secretRef")).isEmpty();
            object.path("args").forEach(arg -> assertThat(arg.asText()).doesNotContain(":", "@"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CONTROL_PLANE, APPLICATION, SESSION})
    void marksEveryNameThatAnotherClusterWouldHave(String file) {
        List<String> lines = DeployFiles.text(file).lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.matches(
                    ".*(\\.example/|\\.milvus:|by-dev|root:|metadata\\.name: |: change( |$)).*")) {
                assertThat(lines.get(i - 1) + line).contains("CHANGE ME");
            }
        }
    }

    @Test
    void routesTheServiceAndItsPolicyToThePods() {
        JsonNode labels = of(CONTROL_PLANE, "Deployment").at("/spec/template/metadata/labels");
        JsonNode container = of(CONTROL_PLANE, "Deployment").at("/spec/template/spec/containers/0");

        assertThat(of(CONTROL_PLANE, "Deployment").at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
        assertThat(of(CONTROL_PLANE, "Service").at("/spec/selector")).isEqualTo(labels);
        assertThat(of(CONTROL_PLANE, "NetworkPolicy").at("/spec/podSelector/matchLabels"))
                .isEqualTo(labels);
        assertThat(of(CONTROL_PLANE, "Service").findValuesAsText("targetPort"))
                .isEqualTo(container.path("ports").findValuesAsText("name"));
        assertThat(of(CONTROL_PLANE, "NetworkPolicy").findValuesAsText("port"))
                .isEqualTo(container.path("ports").findValuesAsText("containerPort"));
    }

    @Test
    void neverRunsTwoControlPlanesAtOnce() {
        JsonNode spec = of(CONTROL_PLANE, "Deployment").path("spec");

        assertThat(spec.path("replicas").asInt()).isOne();
        assertThat(spec.at("/strategy/type").asText()).isEqualTo("Recreate");
    }

    @ParameterizedTest
    @ValueSource(strings = {APPLICATION, SESSION})
    void shieldsTheRestApiOfTheClusterThatItMakes(String file) {
        assertThat(of(file, "NetworkPolicy").at("/spec/podSelector/matchLabels/app"))
                .isEqualTo(of(file, "FlinkDeployment").at("/metadata/name"));
    }

    @ParameterizedTest
    @CsvSource({APPLICATION + ",FlinkDeployment", SESSION + ",FlinkSessionJob"})
    void runsTheTaskFileOfItsSecret(String file, String kind) {
        JsonNode job = of(file, kind).at("/spec/job");
        JsonNode cluster = of(file, "FlinkDeployment").path("spec");
        String mounted =
                cluster.at("/jobManager/podTemplate/spec/containers/0/volumeMounts/0/mountPath")
                        .asText();
        String taskFile = job.path("args").get(1).asText();

        assertThat(job.path("entryClass").asText()).isEqualTo(ReplicationMain.class.getName());
        assertThat(job.path("args").get(0).asText()).isEqualTo("--task");
        assertThat(taskFile).startsWith(mounted + "/");
        assertThat(of(file, "Secret").path("stringData").properties().stream())
                .anySatisfy(
                        entry -> assertThat(taskFile).isEqualTo(mounted + "/" + entry.getKey()));
        assertThat(job.path("upgradeMode").asText()).isEqualTo("savepoint");
    }

    @Test
    void submitsTheSessionJobToTheClusterInTheSameFile() {
        assertThat(of(SESSION, "FlinkSessionJob").at("/spec/deploymentName"))
                .isEqualTo(of(SESSION, "FlinkDeployment").at("/metadata/name"));
    }

    private static boolean isFlinks(JsonNode manifest) {
        return manifest.path("apiVersion").asText().startsWith("flink.");
    }

    private static JsonNode of(String file, String kind) {
        return manifests(DeployFiles.documents(file), kind)
                .reduce(
                        (a, b) -> {
                            throw new IllegalStateException(file + " has several " + kind);
                        })
                .orElseThrow();
    }

    private static Stream<JsonNode> manifests(List<JsonNode> manifests, String kind) {
        return manifests.stream().filter(manifest -> manifest.path("kind").asText().equals(kind));
    }

    private static Set<String> named(List<JsonNode> manifests, String kind) {
        return manifests(manifests, kind)
                .map(manifest -> manifest.at("/metadata/name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> referred(List<JsonNode> manifests, String key) {
        return manifests.stream()
                .flatMap(manifest -> manifest.findValuesAsText(key).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<JsonNode> objects(List<JsonNode> manifests) {
        return manifests.stream()
                .flatMap(manifest -> DeployFiles.objects(manifest).stream())
                .toList();
    }
}

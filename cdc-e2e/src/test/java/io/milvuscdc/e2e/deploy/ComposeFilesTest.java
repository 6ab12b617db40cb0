// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ComposeFilesTest {

    private static final Pattern ADDRESS = Pattern.compile("(?:[a-z+]+://)?([a-z-]+):[0-9]+/?");

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "pulsar"})
    void pinsTheVersionOfEveryImage(String queue) {
        assertThat(project(queue).services())
                .allSatisfy(
                        (name, service) ->
                                assertThat(service.path("image").asText())
                                        .matches("[a-z0-9./-]+:[^:]*[0-9][^:]*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "pulsar"})
    void opensPortsToThisMachineOnlyAndNoneTwice(String queue) {
        Set<String> taken = new TreeSet<>();
        for (JsonNode service : project(queue).services().values()) {
            for (JsonNode port : service.path("ports")) {
                assertThat(port.asText()).matches("127\\.0\\.0\\.1:[0-9]+:[0-9]+");
                assertThat(taken.add(port.asText().split(":", -1)[1])).isTrue();
            }
        }
        assertThat(taken).containsExactlyInAnyOrder("19530", "19531", "8444", "8445", "8081");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "pulsar"})
    void mountsFilesAndVolumesThatExist(String queue) {
        Set<String> used = new TreeSet<>();
        for (JsonNode service : project(queue).services().values()) {
            for (JsonNode volume : service.path("volumes")) {
                String source = volume.asText().split(":", -1)[0];
                if (source.startsWith("./")) {
                    assertThat(DeployFiles.path(ComposeProject.DIRECTORY + source.substring(2)))
                            .isRegularFile();
                    assertThat(volume.asText()).endsWith(":ro");
                } else {
                    used.add(source);
                }
            }
        }
        Set<String> declared = new TreeSet<>();
        project(queue).root().path("volumes").fieldNames().forEachRemaining(declared::add);

        assertThat(used).isNotEmpty().isEqualTo(declared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "pulsar"})
    void waitsOnlyForServicesThatSayWhenTheyAreReady(String queue) {
        ComposeProject project = project(queue);
        for (String milvus : Set.of("source", "target")) {
            assertThat(project.services().get(milvus).path("depends_on").fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("etcd", "minio", queue);
        }
        for (JsonNode service : project.services().values()) {
            assertThat(service.at("/healthcheck/test/0").asText()).isEqualTo("CMD");
            service.path("depends_on")
                    .properties()
                    .forEach(
                            entry -> {
                                assertThat(project.services()).containsKey(entry.getKey());
                                assertThat(entry.getValue().path("condition").asText())
                                        .isEqualTo("service_healthy");
                            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "pulsar"})
    void buildsTheControlPlaneFromTheRoot(String queue) {
        JsonNode build = project(queue).services().get("milvus-cdc").path("build");

        assertThat(
                        DeployFiles.path(ComposeProject.DIRECTORY)
                                .resolve(build.path("context").asText())
                                .resolve(build.path("dockerfile").asText())
                                .normalize())
                .isEqualTo(DeployFiles.path("deploy/docker/control-plane.Dockerfile"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "pulsar"})
    void speaksToServicesThatAreThere(String queue) {
        ComposeProject project = project(queue);
        Set<String> hosts = new TreeSet<>();
        for (String file :
                Set.of(
                        "cdc-" + queue + ".yaml",
                        "milvus/source-" + queue + ".yaml",
                        "milvus/target-" + queue + ".yaml")) {
            for (JsonNode object : DeployFiles.objects(yaml(file))) {
                object.forEach(value -> collectHosts(value, hosts));
            }
        }
        project.services()
                .values()
                .forEach(s -> s.path("environment").forEach(v -> collectHosts(v, hosts)));

        assertThat(hosts).contains("etcd", "minio", queue);
        assertThat(project.services().keySet()).containsAll(hosts);
    }

    private static void collectHosts(JsonNode value, Set<String> hosts) {
        if (value.isArray()) {
            value.forEach(item -> collectHosts(item, hosts));
        }
        var address = ADDRESS.matcher(value.asText());
        if (address.matches()) {
            hosts.add(address.group(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "pulsar"})
    void makesTheTargetAStandbyThatSharesNothingWithTheSource(String queue) {
        JsonNode source = yaml("milvus/source-" + queue + ".yaml");
        JsonNode target = yaml("milvus/target-" + queue + ".yaml");

        assertThat(target.at("/common/ttMsgEnabled").asBoolean(true)).isFalse();
        assertThat(source.at("/common/ttMsgEnabled").asBoolean(true)).isTrue();
        for (String own :
                Set.of("/etcd/rootPath", "/minio/rootPath", "/msgChannel/chanNamePrefix/cluster")) {
            assertThat(source.at(own).asText()).isNotEmpty().isNotEqualTo(target.at(own).asText());
        }
        assertThat(source.at("/mq/type").asText()).isEqualTo(queue);
        assertThat(target.at("/mq/type").asText()).isEqualTo(queue);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "pulsar"})
    void readsTheSourceWhereItWrites(String queue) {
        JsonNode source = yaml("milvus/source-" + queue + ".yaml");
        JsonNode cdc = yaml("cdc-" + queue + ".yaml").path("sourceConfig");

        assertThat(cdc.at("/etcd/rootPath")).isEqualTo(source.at("/etcd/rootPath"));
        assertThat(cdc.path("replicateChan").asText())
                .isEqualTo(
                        source.at("/msgChannel/chanNamePrefix/cluster").asText()
                                + "-replicate-msg");
        assertThat(cdc.path(queue).path("address").asText())
                .isEqualTo(
                        queue.equals("kafka")
                                ? source.at("/kafka/brokerList").asText()
                                : "pulsar://"
                                        + source.at("/pulsar/address").asText()
                                        + ":"
                                        + source.at("/pulsar/port").asText());
    }

    private static ComposeProject project(String queue) {
        return ComposeProject.of(queue + ".yaml");
    }

    private static JsonNode yaml(String file) {
        return DeployFiles.yaml(ComposeProject.DIRECTORY + file);
    }
}

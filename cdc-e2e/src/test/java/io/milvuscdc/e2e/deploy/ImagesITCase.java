// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.ServerProcess;
import io.milvuscdc.job.ReplicationMain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The images against what the build has made. No engine builds them here, but what they copy, and
 * the command that they run, with the settings that they are given, is tried.
 */
final class ImagesITCase {

    private static final String CONFIG = "/etc/milvus-cdc/cdc.yaml";
    private static final String MANIFEST = "deploy/kubernetes/control-plane.yaml";
    private static final Dockerfile CONTROL_PLANE =
            Dockerfile.of("deploy/docker/control-plane.Dockerfile");
    private static final Dockerfile FLINK_JOB = Dockerfile.of("deploy/docker/flink-job.Dockerfile");

    @TempDir private Path directory;
    private final FreePorts ports = new FreePorts();

    @Test
    void copiesTheDistribution() {
        assertThat(CONTROL_PLANE.found()).hasSize(1);
        assertThat(CONTROL_PLANE.sent()).containsExactly(CONTROL_PLANE.copied());
        assertThat(CONTROL_PLANE.argument("USER")).isEqualTo("10001:10001");
        assertThat(inBuild(CONTROL_PLANE.words("ENTRYPOINT").get(0))).isExecutable();
    }

    @Test
    void copiesTheJarOfTheJobIntoTheFlinkThatTheTestsRun() throws IOException {
        assertThat(FLINK_JOB.found()).hasSize(1);
        assertThat(FLINK_JOB.sent()).containsExactly(FLINK_JOB.copied());
        assertThat(FLINK_JOB.argument("USER")).isEqualTo("9999:9999");
        assertThat(FLINK_JOB.argument("FROM"))
                .isEqualTo("flink:" + EnvironmentInformation.getVersion() + "-scala_2.12-java17");
        try (JarFile jar = new JarFile(FLINK_JOB.found().get(0).toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(ReplicationMain.class.getName());
        }
        assertThat(
                        DeployFiles.text("deploy/kubernetes/flink-application.yaml")
                                .lines()
                                .map(String::strip))
                .contains("jarURI: local://" + FLINK_JOB.copiedTo());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"deploy/compose/cdc-kafka.yaml", "deploy/compose/cdc-pulsar.yaml", MANIFEST})
    void answersThatItIsHealthyWithTheSettingsThatAreMounted(String settings) throws IOException {
        int port = ports.next();
        String chosen = settingsIn(settings).replace("token: change", "token: chosen-by-a-test");
        Files.writeString(directory.resolve("secret.key"), randomKey());

        try (ServerProcess process = started(chosen, port)) {
            process.awaitReady(
                    Await.PATIENCE, () -> status("http://127.0.0.1:" + port + "/healthz") == 200);

            assertThat(Files.readString(process.log())).doesNotContain("cdc.yaml: the key");
            assertThat(directory.resolve("logs").resolve("milvus-cdc.log")).isRegularFile();
            assertThat(directory.resolve("flink")).isDirectory();
            assertThat(directory.resolve("tasks")).isDirectory();
            process.terminate(Await.PATIENCE);
            assertThat(Files.readString(process.log())).contains("Stopped");
        }
    }

    @Test
    void refusesToStartOnKubernetesBeforeTheSecretsAreChosen() throws IOException {
        Files.writeString(directory.resolve("secret.key"), "change");

        try (ServerProcess process = started(settingsIn(MANIFEST), ports.next())) {
            assertThat(process.awaitExit(Await.PATIENCE)).isNotZero();

            assertThat(Files.readString(process.log())).contains("security.token");
        }
    }

    /** The image's command, with its paths where they are here and ports that are free. */
    private ServerProcess started(String settings, int port) throws IOException {
        Path config = directory.resolve("cdc.yaml");
        Files.writeString(
                config,
                settings.replace("/opt/milvus-cdc", inBuild("/opt/milvus-cdc").toString())
                        .replace("/var/lib/milvus-cdc", directory.toString())
                        .replace("0.0.0.0:8444", "127.0.0.1:" + port)
                        .replace("0.0.0.0:8445", "127.0.0.1:" + ports.next())
                        .replace("webAddress: 0.0.0.0", "webAddress: 127.0.0.1")
                        .replace("webPort: 8081", "webPort: " + ports.next()));
        List<String> command = new ArrayList<>();
        CONTROL_PLANE.words("ENTRYPOINT").forEach(word -> command.add(inBuild(word).toString()));
        CONTROL_PLANE
                .words("CMD")
                .forEach(word -> command.add(word.equals(CONFIG) ? config.toString() : word));
        assertThat(command).contains(config.toString());
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode manifest : DeployFiles.documents(MANIFEST)) {
            if (manifest.path("kind").asText().equals("ConfigMap")) {
                DeployFiles.flat(manifest.path("data"))
                        .forEach(
                                (name, value) ->
                                        environment.put(
                                                name,
                                                value.replace(
                                                        "/etc/milvus-cdc", directory.toString())));
            }
        }
        assertThat(environment).containsKey("MILVUS_CDC_SECRET_KEY_FILE");
        environment.put(logVariable(), directory.resolve("logs").toString());
        ServerProcess process = new ServerProcess("milvus-cdc", directory, command, environment);
        process.start();
        return process;
    }

    private static String randomKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** The file itself, or what a Secret in it mounts there. */
    private static String settingsIn(String file) {
        if (file.startsWith("deploy/compose")) {
            return DeployFiles.text(file);
        }
        return DeployFiles.documents(file).stream()
                .map(manifest -> manifest.path("stringData").path("cdc.yaml"))
                .filter(JsonNode::isTextual)
                .findFirst()
                .orElseThrow()
                .asText();
    }

    private static String logVariable() {
        return CONTROL_PLANE.argument("ENV").split("=", -1)[0];
    }

    private static Path inBuild(String pathInImage) {
        assertThat(pathInImage).startsWith(CONTROL_PLANE.copiedTo());
        return DeployFiles.path(
                CONTROL_PLANE.copied() + pathInImage.substring(CONTROL_PLANE.copiedTo().length()));
    }

    private static int status(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}

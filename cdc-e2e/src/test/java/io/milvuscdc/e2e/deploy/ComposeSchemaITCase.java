// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compose files against the schema that compose itself has, which is fetched. */
final class ComposeSchemaITCase {

    private static JsonSchema schema;

    @BeforeAll
    static void fetchSchema() throws IOException, InterruptedException {
        Process fetch =
                new ProcessBuilder(
                                DeployFiles.path("deploy/lib/fetch-compose-schema.sh").toString())
                        .redirectError(Redirect.INHERIT)
                        .start();
        String file =
                new String(fetch.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(fetch.waitFor()).isZero();
        ObjectNode tree = (ObjectNode) new ObjectMapper().readTree(Path.of(file).toFile());
        // a bare file name, which the validator doesn't take for an address
        tree.remove("$id");
        schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(tree);
    }

    @ParameterizedTest
    @ValueSource(strings = {"common.yaml", "kafka.yaml", "pulsar.yaml"})
    void agreesWithTheSchemaOfCompose(String file) {
        assertThat(schema.validate(DeployFiles.yaml(ComposeProject.DIRECTORY + file))).isEmpty();
    }

    /** That the check above can fail. */
    @Test
    void refusesAMisspeltKey() {
        JsonNode compose = DeployFiles.yaml(ComposeProject.DIRECTORY + "kafka.yaml");
        ((ObjectNode) compose.at("/services/kafka")).put("misspelt", true);

        assertThat(schema.validate(compose)).isNotEmpty();
    }
}

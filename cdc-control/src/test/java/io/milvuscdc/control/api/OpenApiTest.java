// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The description of the API is true of every recorded request and answer. */
final class OpenApiTest {

    private static final Path FILES = Path.of("src/test/resources/api");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A schema can't say that keys may be written in any case. */
    private static final Set<String> OTHER_CASE =
            Set.of("create-case-insensitive", "get", "delete-upper-case");

    static Stream<String> names() throws IOException {
        return GoldenApiTest.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyAnswerIsAsDescribed(String name) throws IOException {
        assertThat(problems("Answer", read(name + ".answer"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyRequestThatIsFulfilledIsAsDescribed(String name) throws IOException {
        if (read(name + ".answer").path("code").asInt() == 200 && !OTHER_CASE.contains(name)) {
            assertThat(problems("Request", read(name + ".request"))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create-wrong-types",
                "delete-wrong-types",
                "get-number",
                "position-number",
                "no-type",
                "type-number",
                "unknown-type",
                "array"
            })
    void whatIsNoRequestIsNotDescribedAsOne(String name) throws IOException {
        assertThat(problems("Request", read(name + ".request"))).isNotEmpty();
    }

    private static Set<ValidationMessage> problems(String schema, JsonNode value)
            throws IOException {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.yaml")) {
            ObjectNode description = (ObjectNode) new YAMLMapper().readTree(in);
            description.put("$ref", "#/components/schemas/" + schema);
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(description)
                    .validate(value);
        }
    }

    private static JsonNode read(String file) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(FILES.resolve(file)));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " isn't JSON", e);
        }
    }
}

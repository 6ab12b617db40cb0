// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.util.TimeUtils;

/**
 * The task of a job that is started by hand ({@code flink run ... --task task.yaml}). Unknown keys
 * are errors, so that a typo doesn't silently mean a default. Secrets may come from the environment
 * ({@value #TOKEN_VARIABLE}, {@value #ETCD_PASSWORD_VARIABLE}) instead.
 */
record TaskFile(
        @JsonProperty(required = true) String taskId,
        @JsonProperty(required = true) Source source,
        @JsonProperty(required = true) Target target,
        String guarantee,
        String checkpointInterval,
        String startFrom,
        Map<String, Long> startOffsets) {

    static final String TOKEN_VARIABLE = "MILVUS_CDC_TARGET_TOKEN";
    static final String ETCD_PASSWORD_VARIABLE = "MILVUS_CDC_ETCD_PASSWORD";

    /** The source: its etcd, its broker, the name of its replicate channel. */
    record Source(
            @JsonProperty(required = true) Etcd etcd,
            @JsonProperty(required = true) Kafka kafka,
            String replicateChan) {}

    /** The source's etcd. */
    record Etcd(
            @JsonProperty(required = true) List<String> address,
            String rootPath,
            String metaSubPath,
            String username,
            String password) {}

    /** The source's Kafka. */
    record Kafka(@JsonProperty(required = true) String address, Map<String, String> properties) {}

    /** The target Milvus. */
    record Target(@JsonProperty(required = true) String uri, String token, String connectTimeout) {}

    static TaskFile read(Path file) throws IOException {
        ObjectMapper yaml =
                new ObjectMapper(new YAMLFactory())
                        .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION);
        try {
            return yaml.readValue(Files.readString(file), TaskFile.class);
        } catch (JsonMappingException e) {
            String key =
                    e.getPath().stream()
                            .map(JsonMappingException.Reference::getFieldName)
                            .collect(Collectors.joining("."));
            throw new IOException(
                    "The task file "
                            + file
                            + " is wrong at '"
                            + key
                            + "': "
                            + e.getOriginalMessage(),
                    e);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "The task file " + file + " isn't YAML: " + e.getOriginalMessage(), e);
        }
    }

    /** Where to start is asked of the source when the file doesn't say it. */
    TaskSpec toSpec(Map<String, String> environment) throws IOException {
        EtcdConfig etcd =
                new EtcdConfig(
                        source.etcd().address(),
                        or(source.etcd().rootPath(), "by-dev")
                                + "/"
                                + or(source.etcd().metaSubPath(), "meta"),
                        or(source.etcd().username(), ""),
                        environment.getOrDefault(
                                ETCD_PASSWORD_VARIABLE, or(source.etcd().password(), "")));
        String replicateChannel = or(source.replicateChan(), "by-dev-replicate-msg");
        SourceChannels channels =
                new SourceChannels(
                        source.kafka().address(),
                        replicateChannel.replaceFirst("-replicate-msg$", "") + "-rootcoord-dml",
                        replicateChannel,
                        source.kafka().properties() == null
                                ? Map.of()
                                : source.kafka().properties());
        TargetConfig to =
                TargetConfig.of(
                        target.uri(),
                        environment.getOrDefault(TOKEN_VARIABLE, or(target.token(), "")),
                        duration("target.connectTimeout", target.connectTimeout(), "10 s"));
        return new TaskSpec(
                taskId,
                etcd,
                channels,
                to,
                delivery(),
                duration("checkpointInterval", checkpointInterval, "500 ms"),
                startOffsets == null
                        ? StartPositions.resolve(etcd, channels, fromCollectionStart())
                        : startOffsets);
    }

    private DeliveryGuarantee delivery() {
        String name = or(guarantee, "exactly-once").toUpperCase(Locale.ROOT).replace('-', '_');
        try {
            return DeliveryGuarantee.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "guarantee is exactly-once or at-least-once, not '" + guarantee + "'", e);
        }
    }

    private boolean fromCollectionStart() {
        return switch (or(startFrom, "latest")) {
            case "latest" -> false;
            case "collection-start" -> true;
            default ->
                    throw new IllegalArgumentException(
                            "startFrom is latest or collection-start, not '" + startFrom + "'");
        };
    }

    private static Duration duration(String key, String value, String otherwise) {
        try {
            return TimeUtils.parseDuration(or(value, otherwise));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    key + " is a duration such as '500 ms', not '" + value + "'", e);
        }
    }

    private static String or(String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}

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
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.pulsar.PulsarLogin;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.pulsar.PulsarTls;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.source.KafkaQueue;
import io.milvuscdc.connectors.source.KafkaSecurity;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.connectors.tls.PemFiles;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.util.TimeUtils;

/**
 * The task of a job that is started by hand ({@code flink run ... --task task.yaml}). Unknown keys
 * are errors, so that a typo doesn't silently mean a default. Secrets may come from the environment
 * ({@value #TOKEN_VARIABLE}, {@value #ETCD_PASSWORD_VARIABLE}, {@value #KAFKA_PASSWORD_VARIABLE})
 * instead.
 */
record TaskFile(
        @JsonProperty(required = true) String taskId,
        @JsonProperty(required = true) Source source,
        @JsonProperty(required = true) Target target,
        List<Selected> collections,
        List<Selected> exclude,
        List<Mapping> nameMapping,
        boolean ignorePartitions,
        boolean userRoles,
        String guarantee,
        String checkpointInterval,
        String startFrom,
        String operationsPosition,
        Map<String, Long> startOffsets) {

    static final String TOKEN_VARIABLE = "MILVUS_CDC_TARGET_TOKEN";
    static final String ETCD_PASSWORD_VARIABLE = "MILVUS_CDC_ETCD_PASSWORD";
    static final String KAFKA_PASSWORD_VARIABLE = "MILVUS_CDC_KAFKA_PASSWORD";

    /** The source: its etcd, its broker, the name of its replicate channel. */
    record Source(
            @JsonProperty(required = true) Etcd etcd,
            Kafka kafka,
            Pulsar pulsar,
            String replicateChan) {

        MessageQueue queue(Map<String, String> environment, Path files) throws IOException {
            if ((kafka == null) == (pulsar == null)) {
                throw new IllegalArgumentException("source needs either kafka or pulsar");
            }
            return kafka == null ? pulsar.queue() : kafka.queue(environment, files);
        }
    }

    /** The source's etcd. */
    record Etcd(
            @JsonProperty(required = true) List<String> address,
            String rootPath,
            String metaSubPath,
            String username,
            String password,
            Tls tls) {

        EtcdConfig config(Map<String, String> environment, Path files) throws IOException {
            return new EtcdConfig(
                    tls == null ? address : address.stream().map(Etcd::overTls).toList(),
                    or(rootPath, "by-dev") + "/" + or(metaSubPath, "meta"),
                    or(username, ""),
                    environment.getOrDefault(ETCD_PASSWORD_VARIABLE, or(password, "")),
                    Tls.read("source.etcd.tls", tls, files));
        }

        private static String overTls(String endpoint) {
            return "https://" + endpoint.replaceFirst("^https?://", "");
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** The source's Kafka: a login, certificates, and whatever else its Java client understands. */
    record Kafka(
            @JsonProperty(required = true) String address,
            String username,
            String password,
            String mechanism,
            Tls tls,
            Map<String, String> properties) {

        KafkaQueue queue(Map<String, String> environment, Path files) throws IOException {
            Map<String, String> all = new TreeMap<>();
            boolean login = username != null && !username.isEmpty();
            if (login || tls != null) {
                all.put(
                        "security.protocol",
                        (login ? "SASL_" : "") + (tls == null ? "PLAINTEXT" : "SSL"));
            }
            if (login) {
                String chosen = or(mechanism, KafkaSecurity.PLAIN);
                if (!KafkaSecurity.MECHANISMS.contains(chosen)) {
                    throw new IllegalArgumentException(
                            "source.kafka.mechanism is one of "
                                    + KafkaSecurity.MECHANISMS
                                    + ", not '"
                                    + chosen
                                    + "'");
                }
                all.putAll(
                        KafkaSecurity.login(
                                chosen,
                                username,
                                environment.getOrDefault(
                                        KAFKA_PASSWORD_VARIABLE, or(password, ""))));
            }
            try {
                all.putAll(KafkaSecurity.certificates(Tls.read("source.kafka.tls", tls, files)));
            } catch (TlsException e) {
                throw new IOException("source.kafka.tls: " + e.getMessage(), e);
            }
            if (properties != null) {
                all.putAll(properties);
            }
            return new KafkaQueue(address, all);
        }

        @Override
        public String toString() {
            return address;
        }
    }

    /**
     * TLS, and what is trusted and shown: PEM files, relative to the task file, which are read
     * where the job is started; the job carries their content. Without any of them the JDK's
     * authorities are trusted.
     */
    record Tls(String ca, String certificate, String key, String serverName) {

        static TlsConfig read(String section, Tls tls, Path files) throws IOException {
            return tls == null ? TlsConfig.SYSTEM : tls.read(section + ".", files);
        }

        private TlsConfig read(String section, Path files) throws IOException {
            if ((certificate == null) != (key == null)) {
                throw new IOException(section + "certificate and " + section + "key go together");
            }
            try {
                TlsConfig read =
                        new TlsConfig(
                                ca == null ? "" : certificates(section + "ca", ca, files),
                                certificate == null
                                        ? ""
                                        : certificates(section + "certificate", certificate, files),
                                key == null
                                        ? ""
                                        : PemFiles.key(
                                                section + "key", files.resolve(key).toString()),
                                or(serverName, ""),
                                TlsConfig.TLS_1_2);
                read.keyManagers();
                return read;
            } catch (TlsException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        private static String certificates(String key, String file, Path files)
                throws TlsException {
            return PemFiles.certificates(key, files.resolve(file).toString());
        }
    }

    /** The source's Pulsar; authParams is the JSON object that the plugin takes. */
    record Pulsar(
            @JsonProperty(required = true) String address,
            String tenant,
            String namespace,
            String authPlugin,
            String authParams,
            String tlsTrustCertsFile) {

        PulsarQueue queue() {
            return new PulsarQueue(
                    address,
                    or(tenant, "public"),
                    or(namespace, "default"),
                    new PulsarLogin(or(authPlugin, ""), or(authParams, "")),
                    new PulsarTls(or(tlsTrustCertsFile, ""), true));
        }

        @Override
        public String toString() {
            return address;
        }
    }

    /** The target Milvus. */
    record Target(
            @JsonProperty(required = true) String uri,
            String token,
            String connectTimeout,
            Tls tls) {

        TargetConfig config(Map<String, String> environment, Path files) throws IOException {
            return TargetConfig.of(
                            tls == null ? uri : uri.replaceFirst("^http:", "https:"),
                            environment.getOrDefault(TOKEN_VARIABLE, or(token, "")),
                            duration("target.connectTimeout", connectTimeout, "10 s"))
                    .with(Tls.read("target.tls", tls, files));
        }

        @Override
        public String toString() {
            return uri;
        }
    }

    /** Collections by name; {@code *} is every one. Only included ones may say where they start. */
    record Selected(
            String database,
            @JsonProperty(required = true) String name,
            String startFrom,
            Map<String, String> positions) {

        CollectionPattern pattern() {
            return new CollectionPattern(or(database, "default"), name);
        }
    }

    /** What a source database, or some of its collections, is called at the target. */
    record Mapping(
            @JsonProperty(required = true) String sourceDatabase,
            @JsonProperty(required = true) String targetDatabase,
            Map<String, String> collections) {

        NameMapping.Entry entry() {
            return new NameMapping.Entry(
                    sourceDatabase, targetDatabase, collections == null ? Map.of() : collections);
        }
    }

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

    /**
     * Where to start is asked of the source when the file doesn't say it.
     *
     * @param files where relative paths of certificates start
     */
    TaskSpec toSpec(Map<String, String> environment, Path files) throws IOException {
        EtcdConfig etcd = source.etcd().config(environment, files);
        String replicateChannel = or(source.replicateChan(), "by-dev-replicate-msg");
        SourceChannels channels =
                new SourceChannels(
                        source.queue(environment, files),
                        replicateChannel.replaceFirst("-replicate-msg$", "") + "-rootcoord-dml",
                        replicateChannel);
        TargetConfig to = target.config(environment, files);
        return new TaskSpec(
                taskId,
                "",
                etcd,
                channels,
                to,
                scope(),
                delivery(),
                duration("checkpointInterval", checkpointInterval, "400 ms"),
                start(etcd, channels));
    }

    private ReplicationScope scope() {
        List<NameMapping.Entry> names = or(nameMapping).stream().map(Mapping::entry).toList();
        return new ReplicationScope(
                selection(), new NameMapping(names), ignorePartitions, userRoles);
    }

    private Selection selection() {
        for (Selected excluded : or(exclude)) {
            if (excluded.startFrom() != null || excluded.positions() != null) {
                throw new IllegalArgumentException(
                        "exclude: " + excluded.pattern() + " starts nowhere: leave its start out");
            }
        }
        if (collections != null && collections.isEmpty()) {
            throw new IllegalArgumentException(
                    "collections is empty: name some, or leave it out to replicate all");
        }
        return new Selection(
                collections == null
                        ? Selection.EVERYTHING.included()
                        : collections.stream().map(Selected::pattern).toList(),
                or(exclude).stream().map(Selected::pattern).toList());
    }

    private StartPoint start(EtcdConfig etcd, SourceChannels channels) throws IOException {
        StartRequest request = startRequest(channels.queue().messageIds());
        if (startOffsets == null) {
            channels.queue().hold(channels, taskId);
            return StartPositions.resolveUnkept(etcd, channels, request);
        }
        if (!(channels.queue() instanceof KafkaQueue)) {
            throw new IllegalArgumentException("startOffsets are of Kafka, but source is pulsar");
        }
        if (!request.fromCollectionStart().isEmpty()
                || !request.positions().isEmpty()
                || request.operations().isPresent()) {
            throw new IllegalArgumentException(
                    "startOffsets says where everything starts: leave out collection-start,"
                            + " positions and operationsPosition");
        }
        return StartPositions.atOffsets(etcd, request.selection(), startOffsets);
    }

    /** Where to start, in the words of the file. */
    StartRequest startRequest(MqMessageIds ids) {
        Selection selection = selection();
        List<CollectionPattern> fromStart = new ArrayList<>();
        Map<String, ChannelPosition> positions = new HashMap<>();
        if (isCollectionStart("startFrom", startFrom)) {
            fromStart.addAll(selection.included());
        }
        for (Selected selected : or(collections)) {
            if (isCollectionStart(selected.pattern() + ": startFrom", selected.startFrom())) {
                fromStart.add(selected.pattern());
            }
            if (selected.positions() != null) {
                selected.positions()
                        .forEach((vchannel, text) -> positions.put(vchannel, position(text, ids)));
            }
        }
        return new StartRequest(
                selection,
                fromStart,
                positions,
                Optional.ofNullable(operationsPosition).map(text -> position(text, ids)));
    }

    private static ChannelPosition position(String base64, MqMessageIds ids) {
        return ChannelPosition.ofBase64(base64, ids);
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

    private static boolean isCollectionStart(String key, String value) {
        return switch (or(value, "latest")) {
            case "latest" -> false;
            case "collection-start" -> true;
            default ->
                    throw new IllegalArgumentException(
                            key + " is latest or collection-start, not '" + value + "'");
        };
    }

    private static Duration duration(String key, String value, String otherwise) {
        try {
            return TimeUtils.parseDuration(or(value, otherwise));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    key + " is a duration such as '400 ms', not '" + value + "'", e);
        }
    }

    private static <T> List<T> or(List<T> value) {
        return value == null ? List.of() : value;
    }

    private static String or(String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.source.SourceChannels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads {@code sourceConfig}, in the old spelling (etcdAddress) and the newer one (etcd.address).
 */
final class SourceReader {

    private static final String REPLICATE_SUFFIX = "-replicate-msg";
    private static final String PLAIN = "PLAIN";

    private final YamlSettings yaml;

    SourceReader(YamlSettings yaml) {
        this.yaml = yaml;
    }

    SourceSettings read() {
        String rootPath =
                yaml.text(
                        "sourceConfig.etcdRootPath",
                        yaml.text("sourceConfig.etcd.rootPath", "by-dev"));
        return new SourceSettings(etcd(rootPath), channels(rootPath));
    }

    private EtcdConfig etcd(String rootPath) {
        List<String> newSpelling = yaml.texts("sourceConfig.etcd.address");
        List<String> oldSpelling = yaml.texts("sourceConfig.etcdAddress");
        List<String> endpoints = oldSpelling.isEmpty() ? newSpelling : oldSpelling;
        String subPath =
                yaml.text(
                        "sourceConfig.etcdMetaSubPath",
                        yaml.text("sourceConfig.etcd.metaSubPath", "meta"));
        boolean auth = yaml.flag("sourceConfig.etcd.enableAuth");
        String username = yaml.text("sourceConfig.etcd.username", "");
        String password = yaml.text("sourceConfig.etcd.password", "");
        if (auth && username.isEmpty()) {
            yaml.problem(
                    "sourceConfig.etcd.username is missing, or set sourceConfig.etcd.enableAuth to"
                            + " false");
        }
        if (yaml.flag("sourceConfig.etcd.enableTLS")) {
            yaml.problem("sourceConfig.etcd.enableTLS: true isn't supported yet");
        }
        for (String key : List.of("tlsCertPath", "tlsKeyPath", "tlsCACertPath", "tlsMinVersion")) {
            yaml.text("sourceConfig.etcd." + key);
        }
        return new EtcdConfig(
                endpoints.isEmpty() ? List.of("127.0.0.1:2379") : endpoints,
                rootPath + "/" + subPath,
                auth ? username : "",
                auth ? password : "");
    }

    private SourceChannels channels(String rootPath) {
        String replicateChannel =
                yaml.text("sourceConfig.replicateChan", rootPath + REPLICATE_SUFFIX);
        if (yaml.isSet("sourceConfig.pulsar.address")) {
            yaml.problem(
                    "sourceConfig.pulsar isn't supported yet: remove it when the source uses Kafka,"
                            + " and set sourceConfig.kafka.address");
        }
        yaml.isSet("sourceConfig.pulsar");
        return new SourceChannels(
                yaml.required("sourceConfig.kafka.address", "127.0.0.1:9092"),
                channelPrefix(replicateChannel),
                replicateChannel,
                kafkaProperties());
    }

    private String channelPrefix(String replicateChannel) {
        String given = yaml.text("replication.channelPrefix", "");
        if (given.isEmpty() && !replicateChannel.endsWith(REPLICATE_SUFFIX)) {
            yaml.problem(
                    "replication.channelPrefix is missing: sourceConfig.replicateChan doesn't end"
                            + " with "
                            + REPLICATE_SUFFIX
                            + ", so what the names of the source's channels begin with can't be"
                            + " derived; it's like by-dev-rootcoord-dml");
            return "";
        }
        return given.isEmpty()
                ? replicateChannel.substring(
                                0, replicateChannel.length() - REPLICATE_SUFFIX.length())
                        + "-rootcoord-dml"
                : given;
    }

    private Map<String, String> kafkaProperties() {
        Map<String, String> properties = new TreeMap<>(yaml.map("sourceConfig.kafka.consumer"));
        String username = yaml.text("sourceConfig.kafka.saslUsername", "");
        String password = yaml.text("sourceConfig.kafka.saslPassword", "");
        boolean login = !username.isEmpty();
        String protocol =
                yaml.choice(
                        "sourceConfig.kafka.securityProtocol",
                        login ? "SASL_SSL" : "PLAINTEXT",
                        List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"));
        String mechanism =
                yaml.choice(
                        "sourceConfig.kafka.saslMechanisms",
                        PLAIN,
                        List.of(PLAIN, "SCRAM-SHA-256", "SCRAM-SHA-512"));
        if (login != protocol.startsWith("SASL_")) {
            yaml.problem(
                    "sourceConfig.kafka.saslUsername and a securityProtocol of SASL_PLAINTEXT or"
                            + " SASL_SSL go together, but securityProtocol is "
                            + protocol
                            + (login ? "" : " and saslUsername is missing"));
        }
        if (!protocol.equals("PLAINTEXT")) {
            properties.put("security.protocol", protocol);
        }
        if (login) {
            properties.put("sasl.mechanism", mechanism);
            properties.put("sasl.jaas.config", jaas(mechanism, username, password));
        }
        return properties;
    }

    private static String jaas(String mechanism, String username, String password) {
        String module =
                mechanism.equals(PLAIN) ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return "org.apache.kafka.common.security."
                + module
                + " required username="
                + quoted(username)
                + " password="
                + quoted(password)
                + ";";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.source.KafkaSecurity;
import io.milvuscdc.connectors.tls.PemFiles;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes properties of Kafka's Java client of {@code sourceConfig.kafka}. In its {@code consumer}
 * section the names of librdkafka, which the old tool and Milvus use, are understood beside those
 * of the Java client; certificates are carried in the properties, not by their paths.
 */
final class KafkaReader {

    private static final String SECTION = "sourceConfig.kafka.";
    private static final String CONSUMER = SECTION + "consumer.";

    private final YamlSettings yaml;

    KafkaReader(YamlSettings yaml) {
        this.yaml = yaml;
    }

    Map<String, String> properties() {
        Map<String, String> consumer = new TreeMap<>(yaml.map(SECTION + "consumer"));
        String username = given("saslUsername", consumer.remove("sasl.username"), "");
        String password = given("saslPassword", consumer.remove("sasl.password"), "");
        boolean login = !username.isEmpty();
        String protocol = protocol(consumer.remove("security.protocol"), login);
        String oldMechanism = consumer.remove("sasl.mechanisms");
        String mechanism =
                choice(
                        "saslMechanisms",
                        oldMechanism == null ? consumer.remove("sasl.mechanism") : oldMechanism,
                        KafkaSecurity.PLAIN,
                        KafkaSecurity.MECHANISMS);
        if (!consumer.containsKey("sasl.jaas.config") && login != protocol.startsWith("SASL_")) {
            yaml.problem(
                    SECTION
                            + "saslUsername and a securityProtocol of SASL_PLAINTEXT or SASL_SSL go"
                            + " together, but securityProtocol is "
                            + protocol
                            + (login ? "" : " and saslUsername is missing"));
        }
        certificates(consumer);
        if (!protocol.equals("PLAINTEXT")) {
            consumer.put("security.protocol", protocol);
        }
        if (login) {
            consumer.putAll(KafkaSecurity.login(mechanism, username, password));
        }
        return consumer;
    }

    private String protocol(String inConsumer, boolean login) {
        return choice(
                "securityProtocol",
                inConsumer,
                login ? "SASL_SSL" : "PLAINTEXT",
                List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"));
    }

    /** The key of its own wins over the one in {@code consumer}. */
    private String given(String key, String inConsumer, String fallback) {
        return yaml.text(SECTION + key, inConsumer == null ? fallback : inConsumer);
    }

    private String choice(String key, String inConsumer, String fallback, List<String> allowed) {
        if (inConsumer == null) {
            return yaml.choice(SECTION + key, fallback, allowed);
        }
        for (String word : allowed) {
            if (word.equalsIgnoreCase(inConsumer)) {
                return yaml.choice(SECTION + key, word, allowed);
            }
        }
        yaml.problem(
                SECTION + key + " must be one of " + String.join(", ", allowed) + ", in consumer");
        return fallback;
    }

    private void certificates(Map<String, String> consumer) {
        String ca = consumer.remove("ssl.ca.location");
        if (ca != null) {
            try {
                String trusted = PemFiles.certificates(CONSUMER + "ssl.ca.location", yaml.file(ca));
                consumer.putAll(
                        KafkaSecurity.certificates(
                                new TlsConfig(trusted, "", "", "", TlsConfig.TLS_1_2)));
            } catch (TlsException e) {
                yaml.problem(e.getMessage());
            }
        }
        String certificate = consumer.remove("ssl.certificate.location");
        String key = consumer.remove("ssl.key.location");
        if (certificate != null && key != null) {
            ownCertificate(consumer, certificate, key);
        } else if (certificate != null || key != null) {
            yaml.problem(CONSUMER + "ssl.certificate.location and ssl.key.location go together");
        }
        if ("none".equalsIgnoreCase(consumer.get("ssl.endpoint.identification.algorithm"))) {
            // librdkafka's word for what the Java client calls an empty text
            consumer.put("ssl.endpoint.identification.algorithm", "");
        }
    }

    private void ownCertificate(Map<String, String> consumer, String certificate, String key) {
        try {
            TlsConfig own =
                    new TlsConfig(
                            "",
                            PemFiles.certificates(
                                    CONSUMER + "ssl.certificate.location", yaml.file(certificate)),
                            PemFiles.key(CONSUMER + "ssl.key.location", yaml.file(key)),
                            "",
                            TlsConfig.TLS_1_2);
            consumer.putAll(KafkaSecurity.certificates(own));
        } catch (TlsException e) {
            yaml.problem(e.getMessage());
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Logins and certificates as properties of Kafka's Java client. They hold the secrets and the
 * certificates themselves, because they're used on machines that don't have the files.
 */
public final class KafkaSecurity {

    /** The mechanism of those who name none. */
    public static final String PLAIN = "PLAIN";

    /** The mechanisms that a login may have. */
    public static final List<String> MECHANISMS = List.of(PLAIN, "SCRAM-SHA-256", "SCRAM-SHA-512");

    private KafkaSecurity() {}

    /**
     * A login.
     *
     * @param mechanism one of {@link #MECHANISMS}
     */
    public static Map<String, String> login(String mechanism, String username, String password) {
        String module =
                mechanism.equals(PLAIN) ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return Map.of(
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                "org.apache.kafka.common.security."
                        + module
                        + " required username="
                        + quoted(username)
                        + " password="
                        + quoted(password)
                        + ";");
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * What is trusted and shown; empty for the authorities of the JDK and no certificate.
     *
     * @throws TlsException the key can't be read
     */
    public static Map<String, String> certificates(TlsConfig tls) throws TlsException {
        Map<String, String> properties = new TreeMap<>();
        if (!tls.trusted().isEmpty()) {
            properties.put("ssl.truststore.certificates", tls.trusted());
            properties.put("ssl.truststore.type", "PEM");
        }
        if (tls.hasCertificate()) {
            properties.put("ssl.keystore.type", "PEM");
            properties.put("ssl.keystore.certificate.chain", tls.certificate());
            // the Java client reads PKCS#8 only
            properties.put(
                    "ssl.keystore.key",
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(tls.privateKey().getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
        }
        return properties;
    }
}

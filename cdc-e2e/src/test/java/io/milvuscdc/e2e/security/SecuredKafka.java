// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import io.milvuscdc.e2e.security.Authority.Issued;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.KafkaServer;
import io.milvuscdc.e2e.servers.ServerCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A broker with a listener for every way to log in, and a plain one for the test itself. SCRAM
 * logins are asked for again every 2 s.
 *
 * @param ports by protocol, for example {@code SASL_SSL}
 */
record SecuredKafka(KafkaServer server, Map<String, Integer> ports) implements AutoCloseable {

    private static final List<String> PROTOCOLS = List.of("SASL_PLAINTEXT", "SASL_SSL", "SSL");

    /**
     * Starts one.
     *
     * @param plainPassword of the user {@code cdc} with the mechanism PLAIN
     */
    static SecuredKafka start(
            ServerCache cache,
            FreePorts free,
            Path directory,
            Authority authority,
            String plainPassword)
            throws IOException {
        Issued own = authority.issue("kafka");
        Path store =
                Files.writeString(
                        own.key().resolveSibling("broker.pem"),
                        Files.readString(own.key()) + Files.readString(own.certificate()));
        Map<String, Integer> ports = new TreeMap<>();
        PROTOCOLS.forEach(protocol -> ports.put(protocol, free.next()));
        Map<String, String> more = new HashMap<>();
        more.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
        more.put("ssl.keystore.type", "PEM");
        more.put("ssl.keystore.location", store.toString());
        more.put("ssl.truststore.type", "PEM");
        more.put("ssl.truststore.location", authority.certificate().toString());
        more.put("listener.name.ssl.ssl.client.auth", "required");
        String plain =
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_cdc=\""
                        + plainPassword.replace("\\", "\\\\").replace("\"", "\\\"")
                        + "\";";
        for (String listener : List.of("sasl_plaintext", "sasl_ssl")) {
            String prefix = "listener.name." + listener + ".";
            more.put(prefix + "plain.sasl.jaas.config", plain);
            for (String scram : List.of("scram-sha-256", "scram-sha-512")) {
                // not with PLAIN: Milvus' librdkafka loses its connection by it each time
                more.put(prefix + scram + ".connections.max.reauth.ms", "2000");
                more.put(
                        prefix + scram + ".sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
            }
        }
        more.put(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        more.put("allow.everyone.if.no.acl.found", "true");
        more.put("super.users", "User:ANONYMOUS");
        return new SecuredKafka(KafkaServer.start(cache, free, directory, ports, more), ports);
    }

    /** {@code host:port} of a listener. */
    String address(String protocol) {
        return "127.0.0.1:" + ports.get(protocol);
    }

    /** A client that may do everything; the caller closes it. */
    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()));
    }

    /** Sets a user's password for both SCRAM mechanisms. */
    void setScramPassword(String user, String password)
            throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            for (ScramMechanism mechanism :
                    List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
                admin.alterUserScramCredentials(
                                List.of(
                                        new UserScramCredentialUpsertion(
                                                user,
                                                new ScramCredentialInfo(mechanism, 4096),
                                                password)))
                        .all()
                        .get();
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}

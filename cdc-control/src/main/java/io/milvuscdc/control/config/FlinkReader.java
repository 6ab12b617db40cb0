// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.tls.TlsConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code flink}. */
final class FlinkReader {

    private static final int MAX_PORT = 65_535;
    private static final String SESSION = "session";

    private final YamlSettings yaml;
    private final Path root;
    private final Path home;

    /**
     * A reader.
     *
     * @param root where relative paths start
     * @param home where the distribution is
     */
    FlinkReader(YamlSettings yaml, Path root, Path home) {
        this.yaml = yaml;
        this.root = root;
        this.home = home;
    }

    FlinkSettings read() {
        boolean inSession =
                yaml.choice("flink.mode", "embedded", List.of("embedded", SESSION)).equals(SESSION);
        Path configDirectory = path("flink.configDir", "conf");
        if (!Files.isRegularFile(configDirectory.resolve("config.yaml"))) {
            yaml.problem(
                    "flink.configDir must be the directory of Flink's config.yaml, but "
                            + configDirectory
                            + " has none");
        }
        Path jar =
                yaml.text("flink.jobJar")
                        .map(root::resolve)
                        .orElseGet(() -> home.resolve("job/cdc-job.jar"))
                        .normalize();
        SessionSettings session = session(inSession, jar);
        return new FlinkSettings(
                configDirectory,
                path("flink.dataDir", "data"),
                new ListenAddress(
                        yaml.text("flink.webAddress", "127.0.0.1"),
                        yaml.number("flink.webPort", 8081, 0, MAX_PORT)),
                jar,
                inSession ? Optional.of(session) : Optional.empty());
    }

    /** Every key is asked for, so that each is known whatever the mode is. */
    private SessionSettings session(boolean inSession, Path jar) {
        String address = yaml.text("flink.address", "");
        TlsConfig tls =
                new TlsReader(yaml)
                        .read(
                                new TlsReader.Keys(
                                        "flink.tlsCACertPath",
                                        "flink.tlsCertPath",
                                        "flink.tlsKeyPath"),
                                TlsConfig.TLS_1_2);
        if (!inSession && !address.isEmpty()) {
            yaml.problem(
                    "flink.address is of a session cluster: set flink.mode: session, or leave it"
                            + " out");
        }
        if (inSession && !Files.isRegularFile(jar)) {
            yaml.problem("flink.jobJar must be the job's jar, but there's no file " + jar);
        }
        return new SessionSettings(inSession ? uri(address) : URI.create(""), tls);
    }

    private URI uri(String address) {
        try {
            URI uri = new URI(address);
            boolean plain = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (plain && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below, like an address of another kind
        }
        yaml.problem(
                "flink.address must be the URL of the session cluster's REST API, for example"
                        + " flink.address: http://jobmanager:8081");
        return URI.create("");
    }

    private Path path(String key, String fallback) {
        return root.resolve(yaml.text(key, fallback)).normalize();
    }
}

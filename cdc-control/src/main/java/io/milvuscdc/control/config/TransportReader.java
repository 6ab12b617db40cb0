// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.tls.TlsConfig;
import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code management} and {@code security}. */
final class TransportReader {

    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}._-]+");
    private static final int MIN_TOKEN = 8;
    private static final int MAX_BODY = 64 << 20;

    private final YamlSettings yaml;

    TransportReader(YamlSettings yaml) {
        this.yaml = yaml;
    }

    TransportSettings read() {
        ListenAddress management = AddressReader.read(yaml, "management.address", "127.0.0.1:8445");
        return new TransportSettings(
                management,
                token(),
                hostNames(),
                yaml.number(
                        "security.maxBodyBytes",
                        TransportSettings.DEFAULT_MAX_BODY,
                        1024,
                        MAX_BODY),
                new TlsReader(yaml)
                        .read(
                                new TlsReader.Keys(
                                        "security.tlsCACertPath",
                                        "security.tlsCertPath",
                                        "security.tlsKeyPath"),
                                TlsConfig.TLS_1_2));
    }

    private List<String> hostNames() {
        List<String> names = yaml.texts("security.hostNames");
        if (!names.stream().allMatch(name -> NAME.matcher(name).matches())) {
            yaml.problem(
                    "security.hostNames must be names, without scheme and port, for example"
                            + " cdc.example");
        }
        return names;
    }

    /** Without the line end that a file or a Secret leaves behind it: no header could carry it. */
    private String token() {
        String given = yaml.text("security.token", "");
        String token = given.strip();
        if (!given.isEmpty() && token.length() < MIN_TOKEN) {
            yaml.problem(
                    "security.token must have at least "
                            + MIN_TOKEN
                            + " characters, better 32 random ones");
        }
        if (token.chars().anyMatch(Character::isWhitespace)) {
            yaml.problem("security.token must have no white space within");
        }
        return token;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.tls.TlsConfig;

/** Reads {@code management} and {@code security}. */
final class TransportReader {

    private static final int MIN_TOKEN = 8;
    private static final int MAX_BODY = 64 << 20;

    private final YamlSettings yaml;

    TransportReader(YamlSettings yaml) {
        this.yaml = yaml;
    }

    TransportSettings read() {
        ListenAddress management = AddressReader.read(yaml, "management.address", "127.0.0.1:8445");
        String token = yaml.text("security.token", "");
        if (!token.isEmpty() && token.length() < MIN_TOKEN) {
            yaml.problem(
                    "security.token must have at least "
                            + MIN_TOKEN
                            + " characters, better 32 random ones");
        }
        return new TransportSettings(
                management,
                token,
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
}

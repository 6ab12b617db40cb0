// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.tls.TlsConfig;
import java.util.List;

/** Reads how an etcd is reached, in the newer spelling and the old one ({@code etcdAddress}). */
final class EtcdReader {

    private final YamlSettings yaml;
    private final String section;

    /**
     * A reader.
     *
     * @param section path of the newer spelling's section
     */
    EtcdReader(YamlSettings yaml, String section) {
        this.yaml = yaml;
        this.section = section + ".";
    }

    /**
     * The etcd.
     *
     * @param oldEndpoints what the old spelling says; it wins, as in the old tool
     */
    EtcdConfig read(List<String> oldEndpoints, List<String> fallback, String metaRoot) {
        List<String> newEndpoints = yaml.texts(section + "address");
        List<String> endpoints = oldEndpoints.isEmpty() ? newEndpoints : oldEndpoints;
        boolean auth = yaml.flag(section + "enableAuth");
        String username = yaml.text(section + "username", "");
        String password = yaml.text(section + "password", "");
        if (auth && username.isEmpty()) {
            yaml.problem(
                    section + "username is missing, or set " + section + "enableAuth to false");
        }
        boolean tls = yaml.flag(section + "enableTLS");
        return new EtcdConfig(
                schemes(tls, endpoints.isEmpty() ? fallback : endpoints),
                metaRoot,
                auth ? username : "",
                auth ? password : "",
                certificates(tls));
    }

    private static List<String> schemes(boolean tls, List<String> endpoints) {
        return tls
                ? endpoints.stream()
                        .map(endpoint -> "https://" + endpoint.replaceFirst("^https?://", ""))
                        .toList()
                : endpoints;
    }

    /** Files that aren't used aren't read: the old tool's template names some that aren't there. */
    private TlsConfig certificates(boolean tls) {
        String least =
                yaml.choice(section + "tlsMinVersion", "1.2", List.of("1.0", "1.1", "1.2", "1.3"));
        TlsReader.Keys keys =
                new TlsReader.Keys(
                        section + "tlsCACertPath", section + "tlsCertPath", section + "tlsKeyPath");
        if (!tls) {
            yaml.text(keys.trusted());
            yaml.text(keys.certificate());
            yaml.text(keys.key());
            return TlsConfig.SYSTEM;
        }
        // the JDK speaks nothing below 1.2
        return new TlsReader(yaml)
                .read(keys, least.equals("1.3") ? TlsConfig.TLS_1_3 : TlsConfig.TLS_1_2);
    }
}

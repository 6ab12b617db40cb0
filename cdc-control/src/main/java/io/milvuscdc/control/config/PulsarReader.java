// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvuscdc.connectors.pulsar.PulsarLogin;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.pulsar.PulsarTls;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code sourceConfig.pulsar}. */
final class PulsarReader {

    private static final String SECTION = "sourceConfig.pulsar.";
    private static final String PLUGINS = "org.apache.pulsar.client.impl.auth.Authentication";
    private static final int PORT = 6650;

    private final YamlSettings yaml;

    PulsarReader(YamlSettings yaml) {
        this.yaml = yaml;
    }

    /** Empty when no address is set: the source then uses Kafka. */
    Optional<PulsarQueue> read() {
        String address = yaml.text(SECTION + "address", "");
        String tenant = yaml.text(SECTION + "tenant", "public");
        String namespace = yaml.text(SECTION + "namespace", "default");
        PulsarLogin login =
                login(yaml.text(SECTION + "authPlugin", ""), yaml.text(SECTION + "authParams", ""));
        String trusted = yaml.text(SECTION + "tlsTrustCertsFilePath").map(yaml::file).orElse("");
        if (address.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new PulsarQueue(
                        url(address), tenant, namespace, login, new PulsarTls(trusted, true)));
    }

    private String url(String address) {
        if (!address.contains("://")) {
            return "pulsar://" + address + (address.contains(":") ? "" : ":" + PORT);
        }
        if (!address.startsWith("pulsar://") && !address.startsWith("pulsar+ssl://")) {
            yaml.problem(
                    SECTION
                            + "address must be pulsar://host:port or pulsar+ssl://host:port, but"
                            + " it's '"
                            + address
                            + "'");
        }
        return address;
    }

    private PulsarLogin login(String plugin, String params) {
        if (plugin.isEmpty() != params.isEmpty()) {
            yaml.problem(
                    SECTION
                            + "authPlugin and authParams go together, but only "
                            + (plugin.isEmpty() ? "authParams" : "authPlugin")
                            + " is set");
            return PulsarLogin.NONE;
        }
        if (plugin.isEmpty()) {
            return PulsarLogin.NONE;
        }
        return new PulsarLogin(pluginClass(plugin), json(params));
    }

    /** Milvus' client knows some plugins by short names, too. */
    private static String pluginClass(String plugin) {
        return switch (plugin.toLowerCase(Locale.ROOT)) {
            case "token" -> PLUGINS + "Token";
            case "tls" -> PLUGINS + "Tls";
            case "basic" -> PLUGINS + "Basic";
            default -> plugin;
        };
    }

    /** {@code key:value,key:value}, as in milvus.yaml, as the JSON object that the plugins take. */
    private String json(String params) {
        if (params.startsWith("{")) {
            return params;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String param : params.split(",", -1)) {
            int colon = param.indexOf(':');
            if (colon <= 0) {
                // not repeated: it's a secret
                yaml.problem(
                        SECTION
                                + "authParams must be key:value,key:value, for example"
                                + " token:<token>");
                return "";
            }
            object.put(param.substring(0, colon).strip(), param.substring(colon + 1).strip());
        }
        return object.toString();
    }
}

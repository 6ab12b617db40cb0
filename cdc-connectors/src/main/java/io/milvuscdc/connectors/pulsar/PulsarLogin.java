// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.io.Serializable;

/**
 * How to log in at Pulsar. Its text form shows no secret.
 *
 * @param plugin the class of Pulsar's authentication plugin; empty for no login
 * @param params what the plugin is configured with, as the JSON object that it takes; a secret
 */
public record PulsarLogin(String plugin, String params) implements Serializable {

    public static final PulsarLogin NONE = new PulsarLogin("", "");

    @Override
    public String toString() {
        return plugin.isEmpty() ? "no login" : plugin;
    }
}

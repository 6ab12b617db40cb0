// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import java.io.Serializable;

/**
 * TLS towards Pulsar, used when its address begins with {@code pulsar+ssl}.
 *
 * @param trustCertsFile the certificates, in PEM, that the broker's may be signed by; empty for
 *     those of the JVM
 * @param verifyHostname whether the broker's certificate must be for the host that was connected
 */
public record PulsarTls(String trustCertsFile, boolean verifyHostname) implements Serializable {

    public static final PulsarTls SYSTEM = new PulsarTls("", true);
}

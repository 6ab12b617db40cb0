// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.tls.TlsConfig;
import java.util.List;

/**
 * How the HTTP listeners are guarded. Its text form shows no secret.
 *
 * @param management where the pages for operators are
 * @param token what requests must carry, empty when they needn't
 * @param hostNames further names of the server, without ports, for browsers
 * @param maxBodyBytes of a request
 * @param tls holds the certificate that the listeners show; without one they speak plain HTTP
 */
public record TransportSettings(
        ListenAddress management,
        String token,
        List<String> hostNames,
        int maxBodyBytes,
        TlsConfig tls) {

    /** The longest body when nothing else is set. */
    public static final int DEFAULT_MAX_BODY = 4 << 20;

    public TransportSettings {
        hostNames = List.copyOf(hostNames);
    }

    /** {@code https} or {@code http}. */
    public String scheme() {
        return tls.hasCertificate() ? "https" : "http";
    }

    @Override
    public String toString() {
        return "management on "
                + management
                + ", "
                + (token.isEmpty() ? "no token" : "with a token")
                + ", bodies up to "
                + maxBodyBytes
                + " bytes, "
                + (tls.hasCertificate() ? "TLS" : "no TLS");
    }
}

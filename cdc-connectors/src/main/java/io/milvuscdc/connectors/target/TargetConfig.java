// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.tls.TlsConfig;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the target Milvus is reached. Its text form shows no secret.
 *
 * @param uri {@code http://host:port}, or {@code https://host:port} for TLS
 * @param token {@code user:password} or an API key, empty when the target needs no login
 * @param tls what is trusted and shown with {@code https://}
 * @param connectTimeout how long the check at the start waits for the target to answer
 * @param callTimeout deadline of one call
 * @param attempts how often a blocking call is made in all while the target answers "try again"
 */
public record TargetConfig(
        String uri,
        String token,
        TlsConfig tls,
        Duration connectTimeout,
        Duration callTimeout,
        int attempts)
        implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final int DEFAULT_ATTEMPTS = 5;

    public TargetConfig {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
        }
    }

    /**
     * A configuration with the default deadline and number of attempts, and with the JDK's trusted
     * authorities for {@code https://}.
     */
    public static TargetConfig of(String uri, String token, Duration connectTimeout) {
        return new TargetConfig(
                uri,
                token,
                TlsConfig.SYSTEM,
                connectTimeout,
                DEFAULT_CALL_TIMEOUT,
                DEFAULT_ATTEMPTS);
    }

    /** The same with other certificates. */
    public TargetConfig with(TlsConfig other) {
        return new TargetConfig(uri, token, other, connectTimeout, callTimeout, attempts);
    }

    /** The same target as somebody else, asked once. */
    TargetConfig as(String user, String password) {
        return new TargetConfig(uri, user + ":" + password, tls, connectTimeout, callTimeout, 1);
    }

    @Override
    public String toString() {
        return "Milvus " + uri.replaceFirst("[^/]*@", "");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import java.io.Serializable;
import java.time.Duration;

/**
 * How the target Milvus is reached. Its text form shows no secret.
 *
 * @param uri {@code http://host:port}, or {@code https://host:port} for TLS with the JDK's trusted
 *     authorities
 * @param token {@code user:password} or an API key, empty when the target needs no login
 * @param connectTimeout how long the check at the start waits for the target to answer
 * @param callTimeout deadline of one call
 * @param attempts how often a blocking call is made in all while the target answers "try again"
 */
public record TargetConfig(
        String uri, String token, Duration connectTimeout, Duration callTimeout, int attempts)
        implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final int DEFAULT_ATTEMPTS = 5;

    public TargetConfig {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
        }
    }

    /** A configuration with the default deadline and number of attempts. */
    public static TargetConfig of(String uri, String token, Duration connectTimeout) {
        return new TargetConfig(uri, token, connectTimeout, DEFAULT_CALL_TIMEOUT, DEFAULT_ATTEMPTS);
    }

    @Override
    public String toString() {
        return "Milvus " + uri.replaceFirst("[^/]*@", "");
    }
}

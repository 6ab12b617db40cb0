// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import java.io.Serializable;
import java.time.Duration;

/**
 * How the target Milvus is reached. Its text form shows no secret.
 *
 * @param uri {@code http(s)://host:port}
 * @param token {@code user:password} or an API key, empty when the target needs no login
 * @param connectTimeout bound of the first call
 */
public record TargetConfig(String uri, String token, Duration connectTimeout)
        implements Serializable {

    @Override
    public String toString() {
        return "target " + uri;
    }
}

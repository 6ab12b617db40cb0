// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.milvuscdc.connectors.tls.TlsConfig;
import java.io.Serializable;
import java.util.List;

/**
 * How the source's etcd is reached. Its text form shows no secret.
 *
 * @param endpoints {@code host:port} or {@code http(s)://host:port}
 * @param metaRoot {@code {rootPath}/{metaSubPath}}, for example {@code by-dev/meta}
 * @param username empty when etcd needs no login
 * @param tls what is trusted and shown at endpoints with {@code https://}
 */
public record EtcdConfig(
        List<String> endpoints, String metaRoot, String username, String password, TlsConfig tls)
        implements Serializable {

    /** Endpoints with {@code https://} are trusted as far as the JDK's authorities are. */
    public EtcdConfig(List<String> endpoints, String metaRoot, String username, String password) {
        this(endpoints, metaRoot, username, password, TlsConfig.SYSTEM);
    }

    public EtcdConfig {
        endpoints = List.copyOf(endpoints);
    }

    @Override
    public String toString() {
        return "etcd " + endpoints + ", meta root '" + metaRoot + "'";
    }
}

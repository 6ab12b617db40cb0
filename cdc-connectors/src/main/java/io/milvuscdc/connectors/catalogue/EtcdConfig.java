// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import java.io.Serializable;
import java.util.List;

/**
 * How the source's etcd is reached. Its text form shows no secret.
 *
 * @param endpoints {@code host:port} or {@code http(s)://host:port}
 * @param metaRoot {@code {rootPath}/{metaSubPath}}, for example {@code by-dev/meta}
 * @param username empty when etcd needs no login
 */
public record EtcdConfig(List<String> endpoints, String metaRoot, String username, String password)
        implements Serializable {

    public EtcdConfig {
        endpoints = List.copyOf(endpoints);
    }

    @Override
    public String toString() {
        return "etcd " + endpoints + ", meta root '" + metaRoot + "'";
    }
}

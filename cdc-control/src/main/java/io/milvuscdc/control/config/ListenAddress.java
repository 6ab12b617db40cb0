// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

/**
 * Where a server listens.
 *
 * @param host a name or an address, never empty
 * @param port 0 for a free one
 */
public record ListenAddress(String host, int port) {

    /** True when only this machine reaches it. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.etcd.jetcd.Client;
import java.io.IOException;

/** Clients of an etcd for those who keep something else in one than the source's metadata. */
public final class EtcdClients {

    private EtcdClients() {}

    /**
     * A client that fails a call, rather than waits, while etcd is away. The caller closes it.
     *
     * @throws IOException an endpoint or a certificate can't be used
     */
    public static Client client(EtcdConfig config) throws IOException {
        return EtcdConnection.build(config);
    }

    /** What a failed call says, in words that name what to check. */
    public static String inWords(Throwable failure) {
        return EtcdConnection.inWords(failure);
    }
}

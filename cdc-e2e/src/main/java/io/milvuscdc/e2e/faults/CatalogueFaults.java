// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Faults of what is read from etcd. */
final class CatalogueFaults {

    private static final ByteSequence ANY =
            ByteSequence.from("milvus-cdc-fault", StandardCharsets.UTF_8);
    private static final long BOUND_SECONDS = 10;

    private CatalogueFaults() {}

    /**
     * The watch is away, keys change meanwhile, and what it would go on from is compacted: it has
     * to begin anew, with what is there now.
     */
    static Fault compactedWhileAway() {
        return Fault.lasting(
                "etcd compacted while the watch was away",
                r -> r.etcdWire().cut(),
                r -> {
                    compact(r.pair().etcd().endpoint());
                    r.etcdWire().heal();
                });
    }

    private static void compact(String endpoint) throws Exception {
        try (Client client = Client.builder().endpoints("http://" + endpoint).build();
                KV keys = client.getKVClient()) {
            long revision =
                    keys.put(ANY, ANY)
                            .get(BOUND_SECONDS, TimeUnit.SECONDS)
                            .getHeader()
                            .getRevision();
            keys.compact(revision).get(BOUND_SECONDS, TimeUnit.SECONDS);
        }
    }
}

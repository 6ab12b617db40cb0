// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.target.CallListener;
import io.milvuscdc.connectors.target.TargetClient;
import io.milvuscdc.connectors.target.TargetConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Hands messages to a standby Milvus by {@code ReplicateMessage}. */
final class ReplicateApplier implements TargetApplier {

    private final TargetClient client;

    private ReplicateApplier(TargetClient client) {
        this.client = client;
    }

    static TargetApplier open(TargetConfig target, CallListener calls) {
        return new ReplicateApplier(TargetClient.ofJob(target, calls));
    }

    @Override
    public CompletableFuture<String> send(
            String targetPchannel, long minTs, long maxTs, List<ByteString> messages) {
        return client.replicate(targetPchannel, minTs, maxTs, messages);
    }

    @Override
    public void close() {
        client.close();
    }
}

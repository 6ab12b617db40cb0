// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.feeding.FeedLease;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Holds back every request, those that are made again included, while the right to feed the target
 * isn't held: a process that stood still finds its queue as it left it, and somebody else may send
 * by then.
 */
final class FencedApplier implements TargetApplier {

    private final TargetApplier applier;
    private final FeedLease feeding;

    /** Owns the applier, but not the right. */
    FencedApplier(TargetApplier applier, FeedLease feeding) {
        this.applier = applier;
        this.feeding = feeding;
    }

    @Override
    public CompletableFuture<String> send(
            String targetPchannel, long minTs, long maxTs, List<ByteString> messages) {
        return feeding.held()
                .thenCompose(now -> applier.send(targetPchannel, minTs, maxTs, messages));
    }

    @Override
    public void close() {
        applier.close();
    }
}

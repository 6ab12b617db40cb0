// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.failure.FeedingRefusedException;
import io.milvuscdc.connectors.feeding.FeedLease;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Held, unless the test says otherwise. */
final class FeedLeaseDouble implements FeedLease {

    private boolean held = true;
    private boolean refused;
    private CompletableFuture<Void> again = new CompletableFuture<>();
    private boolean closed;

    void setHeld(boolean now) {
        held = now;
        if (now) {
            again.complete(null);
            again = new CompletableFuture<>();
        }
    }

    /** From now on another job feeds the target. */
    void refuse() {
        refused = true;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isHeld() throws IOException {
        if (refused) {
            throw new FeedingRefusedException("another job feeds the target");
        }
        return held;
    }

    @Override
    public void await(Duration bound) throws IOException {
        if (!isHeld()) {
            throw new IOException("it isn't held");
        }
    }

    @Override
    public CompletableFuture<Void> held() {
        return held ? CompletableFuture.completedFuture(null) : again;
    }

    @Override
    public void close() {
        closed = true;
    }
}

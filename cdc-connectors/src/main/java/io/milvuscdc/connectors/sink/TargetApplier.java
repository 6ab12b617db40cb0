// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The seam between the sink and what it writes to; today {@code ReplicateMessage} of a standby
 * Milvus. Thread-safe.
 */
public interface TargetApplier extends AutoCloseable {

    /**
     * Hands over messages of one target pchannel, in order. Whether an attempt that failed was
     * carried out is unknown: it may be made again before any later time tick.
     *
     * @param minTs smallest timestamp among the messages
     * @param maxTs largest timestamp among the messages
     * @return done when the target has them, with the place of the last one in the target's queue
     *     as the target writes it, empty when it doesn't say; fails with {@link
     *     io.milvuscdc.connectors.target.TargetException}
     */
    CompletableFuture<String> send(
            String targetPchannel, long minTs, long maxTs, List<ByteString> messages);

    @Override
    void close();
}

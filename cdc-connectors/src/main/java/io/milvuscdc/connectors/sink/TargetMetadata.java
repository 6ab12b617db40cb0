// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** What the committer has done to the target's metadata. Called by the committer's thread only. */
interface TargetMetadata extends AutoCloseable {

    /** Drops now; returns when the target has done it, or found that there is nothing to drop. */
    void drop(DropOperation drop) throws IOException, InterruptedException;

    /** Changes users, roles or grants; returns when it is done, or refused for good. */
    void apply(UserRoleOperation operation);

    /**
     * Everything up to a timestamp has been read, and what was dropped until then is dropped:
     * metadata may be made equal up to here. Returns at once.
     *
     * @param readTs that timestamp
     * @param tick the newest tick that the target's pchannels have got, {@link TickDecision#NONE}
     *     before the first; older than {@code readTs} while rows wait
     * @param flushes what to flush then
     */
    void committed(long readTs, long tick, List<FlushOperation> flushes);

    /** The target's pchannels of all replicated collections, those without rows included. */
    Collection<String> targetPchannels();

    /** What couldn't be made equal yet, and why, in words. */
    List<String> pending();

    /** Throws what made the work behind {@link #committed} stop for good. */
    void throwIfFailed();

    @Override
    void close();
}

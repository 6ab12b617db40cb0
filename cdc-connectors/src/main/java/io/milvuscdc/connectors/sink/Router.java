// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Finds the place of a source collection or partition at the target, and makes it when it is
 * missing. Blocking; one thread.
 */
interface Router extends AutoCloseable {

    Routing<CollectionRoute> collection(long sourceCollectionId) throws IOException;

    /**
     * Finds a partition, and makes it when it lives at the source and is missing at the target.
     *
     * @param name the partition's name, as the message has it
     * @return the target's partition id, also kept in the route
     */
    Routing<Long> partition(CollectionRoute route, long sourcePartitionId, String name)
            throws IOException;

    /** What is known of a collection that may have no route any more; null when nothing is. */
    KnownCollection known(long sourceCollectionId) throws IOException;

    /** Everything that was routed, for the checkpoint. */
    List<KnownCollection> known();

    /** The target's pchannels of everything that was routed. */
    Collection<String> targetPchannels();

    @Override
    void close();
}

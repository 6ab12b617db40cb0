// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.ChannelMessage;
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
     * Finds the partition that rows go to. One that is new waits for the committer, which makes it.
     *
     * @param channelTick the last tick read from the rows' channel, {@link TickDecision#NONE}
     *     before the first
     * @return the target's partition id, also kept in the route
     */
    Routing<Long> partition(CollectionRoute route, ChannelMessage rows, long channelTick)
            throws IOException;

    /**
     * Finds the partition that a message drops.
     *
     * @return the target's partition id, also kept in the route; gone when the target has none of
     *     its name, though it may be about to be made; outside when what has the name there isn't
     *     what is dropped, or partitions aren't replicated; blocked when nobody answers
     */
    Routing<Long> droppedPartition(CollectionRoute route, ChannelMessage drop) throws IOException;

    /** What is known of a collection that may have no route any more; null when nothing is. */
    KnownCollection known(long sourceCollectionId) throws IOException;

    /**
     * A collection's database and name at the source, with a dot between, as it was looked up last;
     * empty when it wasn't. Asks nobody.
     */
    String nameAtHand(long sourceCollectionId);

    /** Everything that was routed, for the checkpoint. */
    List<KnownCollection> known();

    /**
     * Those of {@link #known()} that the source has dropped by now; blocked when nobody answers.
     */
    Routing<List<KnownCollection>> knownAndDropped() throws IOException;

    /** Forgets a collection whose drop was handed on, and of which nothing comes any more. */
    void forget(long sourceCollectionId);

    /** The target's pchannels of everything that was routed. */
    Collection<String> targetPchannels();

    @Override
    void close();
}

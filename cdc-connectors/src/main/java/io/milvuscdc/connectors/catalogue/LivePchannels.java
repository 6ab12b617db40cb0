// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.milvuscdc.connectors.catalogue.CollectionParser.Head;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Which pchannels carry collections, so that their time ticks are to be expected. Used by one
 * thread.
 */
public final class LivePchannels implements AutoCloseable {

    private final EtcdConnection connection;
    private final CollectionPoll poll;
    private Map<String, Long> oldest = Map.of();

    /** Connects with the first {@link #refresh}. */
    public LivePchannels(EtcdConfig config) {
        this.connection = new EtcdConnection(config);
        this.poll = new CollectionPoll(connection, new MetaKeys(config.metaRoot()));
    }

    /**
     * Asks etcd anew: a collection that was put, in state creating or created, before the call
     * began is in the result. Cheap enough for several calls a second with thousands of
     * collections.
     *
     * @return by pchannel, the smallest create tso of the collections on it
     * @throws IOException in words for the user, when etcd doesn't answer within 10 s
     */
    public Map<String, Long> refresh() throws IOException {
        if (poll.refresh()) {
            Map<String, Long> found = new HashMap<>();
            for (Head head : poll.heads()) {
                if (head.state() != ObjectState.DROPPED) {
                    head.pchannels().forEach(p -> found.merge(p, head.createTs(), Math::min));
                }
            }
            oldest = Map.copyOf(found);
        }
        return oldest;
    }

    @Override
    public void close() {
        connection.close();
    }
}

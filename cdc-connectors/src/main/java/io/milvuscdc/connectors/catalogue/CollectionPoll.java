// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.milvuscdc.connectors.catalogue.CollectionParser.Head;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of all collections, read anew when asked. A call asks etcd only for what was put since
 * the last one; because keys that were deleted outright (Milvus 2.6.15 and later) don't show that
 * way, it lists all of them once a minute. Used by one thread.
 */
final class CollectionPoll {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final long LIST_EVERY_NANOS = Duration.ofSeconds(60).toNanos();

    private final EtcdConnection connection;
    private final List<String> prefixes;
    private Map<String, Head> heads = new HashMap<>();
    private long revision;
    private long listedAt;

    CollectionPoll(EtcdConnection connection, MetaKeys keys) {
        this.connection = connection;
        this.prefixes = keys.collectionPrefixes();
    }

    /**
     * Catches up with etcd: what was put before the call began is known afterwards.
     *
     * @return whether anything changed
     * @throws IOException in words for the user, when etcd doesn't answer within 10 s or holds a
     *     value that Milvus wouldn't write; the next call starts from the same state
     */
    boolean refresh() throws IOException {
        long now = System.nanoTime();
        if (revision == 0 || now - listedAt > LIST_EVERY_NANOS) {
            return list(now);
        }
        EtcdConnection.Listing news = connection.list(prefixes, revision + 1, BOUND);
        if (news.revision() < revision) {
            // an etcd that was restored from a backup
            return list(now);
        }
        Map<String, Head> changed = heads(news);
        heads.putAll(changed);
        boolean removed = heads.keySet().removeAll(news.tombstones());
        revision = news.revision();
        return removed || !changed.isEmpty();
    }

    private boolean list(long now) throws IOException {
        EtcdConnection.Listing all = connection.list(prefixes, 0, BOUND);
        Map<String, Head> listed = heads(all);
        boolean changed = !listed.equals(heads);
        heads = listed;
        revision = all.revision();
        listedAt = now;
        return changed;
    }

    private static Map<String, Head> heads(EtcdConnection.Listing listing) throws IOException {
        Map<String, Head> heads = new HashMap<>();
        try {
            listing.live()
                    .forEach((key, value) -> heads.put(key, CollectionParser.head(key, value)));
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        return heads;
    }

    /** The collections as of the last refresh, in whatever state, without tombstones. */
    Collection<Head> heads() {
        return heads.values();
    }

    /** The keys that hold a collection: none, one, or two while it moves. */
    List<String> keysOf(long collectionId) {
        return heads.entrySet().stream()
                .filter(entry -> entry.getValue().id() == collectionId)
                .map(Map.Entry::getKey)
                .toList();
    }
}

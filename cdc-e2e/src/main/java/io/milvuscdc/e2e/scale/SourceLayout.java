// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.connectors.source.SourceChannels;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A source with that many pchannels, as it would look in etcd and in the queue, and the copies of
 * its collections at the target. A function of the number alone, so that the processes of a
 * measurement agree on it. Each pchannel carries one shard; a collection has as many shards as
 * Milvus allows by default.
 */
record SourceLayout(int pchannels) {

    /** Floats of a row. */
    static final int DIM = 128;

    private static final int MOST_SHARDS = 16;
    private static final long FIRST_ID = 450_000_000_000_000_000L;
    private static final long TARGET_IDS = 1_000_000;

    /** 2026-01-01, in milliseconds since 1970: what is measured doesn't depend on it. */
    private static final long EPOCH_MILLIS = 1_767_225_600_000L;

    SourceLayout {
        if (pchannels < 1 || (pchannels > MOST_SHARDS && pchannels % MOST_SHARDS != 0)) {
            throw new IllegalArgumentException(
                    "the number of pchannels is at most "
                            + MOST_SHARDS
                            + " or a multiple of it, not "
                            + pchannels);
        }
    }

    /**
     * A collection.
     *
     * @param createTs a tso, which the copy has, too
     * @param targetVchannels by shard, as {@code vchannels}
     */
    record Collection(
            String name,
            long id,
            long partitionId,
            long createTs,
            List<String> pchannels,
            List<String> vchannels,
            long targetId,
            long targetPartitionId,
            List<String> targetPchannels,
            List<String> targetVchannels) {}

    /** All collections; the pchannels of one after those of the other. */
    List<Collection> collections() {
        int shards = Math.min(pchannels, MOST_SHARDS);
        return IntStream.range(0, pchannels / shards)
                .mapToObj(number -> collection(number, shards))
                .toList();
    }

    private Collection collection(int number, int shards) {
        long id = FIRST_ID + pchannels * 1_000L + number * 10L;
        long targetId = id + TARGET_IDS;
        List<String> source = pchannels(cluster() + "-rootcoord-dml_", number * shards, shards);
        List<String> target = pchannels("target-rootcoord-dml_", number * shards, shards);
        return new Collection(
                cluster() + "_" + number,
                id,
                id + 1,
                // not two collections of any layout have the same
                Tso.of(EPOCH_MILLIS, pchannels * 100L + number),
                source,
                vchannels(source, id),
                targetId,
                targetId + 1,
                target,
                vchannels(target, targetId));
    }

    private static List<String> pchannels(String prefix, int first, int count) {
        return IntStream.range(first, first + count).mapToObj(i -> prefix + i).toList();
    }

    private static List<String> vchannels(List<String> pchannels, long collectionId) {
        return IntStream.range(0, pchannels.size())
                .mapToObj(shard -> pchannels.get(shard) + "_" + collectionId + "v" + shard)
                .toList();
    }

    /** The first millisecond since 1970 that may have rows. */
    long rowsFromMillis() {
        return EPOCH_MILLIS + 1_000;
    }

    String metaRoot() {
        return cluster() + "/meta";
    }

    SourceChannels channels(MessageQueue queue) {
        return new SourceChannels(
                queue, cluster() + "-rootcoord-dml", cluster() + "-replicate-msg");
    }

    private String cluster() {
        return "s" + pchannels;
    }
}

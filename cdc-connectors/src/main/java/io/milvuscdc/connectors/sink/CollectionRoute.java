// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where the messages of one source collection go at the target. Used by the writer's thread. */
final class CollectionRoute {

    private final long sourceId;
    private final long createTs;
    private final String sourceDatabase;
    private final String sourceName;
    private final String targetDatabase;
    private final String targetName;
    private final long targetId;
    private final List<String> targetVchannels;
    private final TreeMap<Long, Long> partitions;
    private final Map<RowPlace, ByteString> suffixes = new HashMap<>();

    /**
     * What the ids of a row message depend on: its type, and the source's vchannel and partition.
     */
    record RowPlace(int type, String vchannel, long partitionId) {}

    /**
     * A route without any row on it yet.
     *
     * @param source what is known of the collection at the source, its partitions' target ids
     *     included
     * @param targetVchannels the target's vchannels in the order of their shards
     */
    CollectionRoute(
            KnownCollection source,
            String targetDatabase,
            String targetName,
            long targetId,
            List<String> targetVchannels) {
        this.sourceId = source.id();
        this.createTs = source.createTs();
        this.sourceDatabase = source.database();
        this.sourceName = source.name();
        this.partitions = new TreeMap<>(source.partitions());
        this.targetDatabase = targetDatabase;
        this.targetName = targetName;
        this.targetId = targetId;
        this.targetVchannels = List.copyOf(targetVchannels);
    }

    long sourceId() {
        return sourceId;
    }

    /** That of the copy: the source's, unless the copy was taken over. */
    long createTs() {
        return createTs;
    }

    String sourceDatabase() {
        return sourceDatabase;
    }

    String sourceName() {
        return sourceName;
    }

    String targetDatabase() {
        return targetDatabase;
    }

    String targetName() {
        return targetName;
    }

    long targetId() {
        return targetId;
    }

    Map<Long, Long> partitions() {
        return partitions;
    }

    Map<RowPlace, ByteString> suffixes() {
        return suffixes;
    }

    KnownCollection toKnown() {
        return new KnownCollection(sourceId, createTs, sourceDatabase, sourceName, partitions);
    }

    /**
     * The target's vchannel with the same shard index, because a key must hash to the same one on
     * both sides.
     */
    String targetVchannel(String sourceVchannel) {
        int shard = shard(sourceVchannel);
        if (shard >= targetVchannels.size()) {
            throw new IllegalStateException(
                    "Collection "
                            + sourceDatabase
                            + "."
                            + sourceName
                            + " has shard "
                            + shard
                            + " ("
                            + sourceVchannel
                            + ") at the source, but only "
                            + targetVchannels.size()
                            + " shards at the target: make both equal");
        }
        return targetVchannels.get(shard);
    }

    List<String> targetPchannels() {
        List<String> names = new ArrayList<>();
        for (String vchannel : targetVchannels) {
            names.add(pchannel(vchannel));
        }
        return names;
    }

    /** A vchannel is {@code {pchannel}_{collection id}v{shard}}. */
    static String pchannel(String vchannel) {
        return vchannel.substring(0, vchannel.lastIndexOf('_'));
    }

    private static int shard(String vchannel) {
        return Integer.parseInt(vchannel, vchannel.lastIndexOf('v') + 1, vchannel.length(), 10);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which partition of the target serves a source partition, though the target knows them by
 * name only and the name may have been used before. Two rules make the answer the same in every
 * writer, however far apart they read:
 *
 * <ul>
 *   <li>A partition that lives at the source is made by the metadata worker, once the tick has
 *       passed its creation, hence after every older one of the name was dropped. So a writer that
 *       hasn't read a drop yet never meets a younger partition.
 *   <li>A writer that reads a drop takes hold of what has the name, and makes it if nothing has. So
 *       a partition that it doesn't hold isn't one whose drop is still to be done.
 * </ul>
 *
 * <p>Used by the writer's thread.
 */
final class PartitionFinder {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionFinder.class);

    private final Source source;
    private final Target target;

    /** The source's partitions as its etcd has them now. */
    @FunctionalInterface
    interface Source {
        /** The partition, if it isn't dropped. */
        Optional<SourcePartition> live(long collectionId, long partitionId) throws IOException;
    }

    /** The partitions of a collection at the target. */
    interface Target {
        Optional<Long> find(CollectionRoute route, String name);

        /** Makes a partition; one that exists already is no error. */
        void create(CollectionRoute route, String name);
    }

    PartitionFinder(Source source, Target target) {
        this.source = source;
        this.target = target;
    }

    /** Where the rows of a message go; the answer is kept in the route. */
    Routing<Long> ofRows(CollectionRoute route, ChannelMessage rows) throws IOException {
        Optional<SourcePartition> live = source.live(route.sourceId(), rows.partitionId());
        // asked for second: one that is dropped in between must not be taken for a younger one
        Optional<Long> there = target.find(route, rows.partitionName());
        if (there.isPresent() && !route.partitions().containsValue(there.get())) {
            return hold(route, rows, there.get());
        }
        if (live.isEmpty()) {
            return new Routing.Gone<>();
        }
        if (there.isPresent()) {
            return new Routing.Blocked<>(
                    "partition " + rows.partitionName() + " waits for its older drop");
        }
        if (rows.timestamp() <= live.get().createTs()) {
            // written while the partition was made: no tick can pass its creation before the rows
            return create(route, rows);
        }
        return new Routing.Blocked<>("partition " + rows.partitionName() + " isn't made yet");
    }

    /** What a drop drops; the answer is kept in the route. */
    Routing<Long> ofDrop(CollectionRoute route, ChannelMessage drop) {
        Optional<Long> there = target.find(route, drop.partitionName());
        if (there.isEmpty()) {
            return create(route, drop);
        }
        if (route.partitions().containsValue(there.get())) {
            return new Routing.Blocked<>(
                    "partition " + drop.partitionName() + " waits for its older drop");
        }
        return hold(route, drop, there.get());
    }

    private Routing<Long> create(CollectionRoute route, ChannelMessage message) {
        target.create(route, message.partitionName());
        LOG.info(
                "Created partition {} of {}.{} at the target for source partition {}",
                message.partitionName(),
                route.targetDatabase(),
                route.targetName(),
                message.partitionId());
        return target.find(route, message.partitionName())
                .map(made -> hold(route, message, made))
                .orElseGet(() -> new Routing.Blocked<>("just made, not described yet"));
    }

    private static Routing<Long> hold(CollectionRoute route, ChannelMessage message, long there) {
        route.partitions().put(message.partitionId(), there);
        return new Routing.Found<>(there);
    }
}

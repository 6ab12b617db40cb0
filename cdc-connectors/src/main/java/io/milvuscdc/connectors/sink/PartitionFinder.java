// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.target.TargetPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which partition of the target serves a source partition. The target knows it by its name
 * only, and the name may have been used before: then the message that drops the older one comes
 * late, even behind the younger one's rows and with a later timestamp, because Milvus writes it in
 * the background.
 *
 * <p>So that every writer answers the same, however far apart they read, a partition that lives at
 * the source is made by the metadata worker alone, once everything before its creation is read and
 * the target's clock has passed it. A target partition that is older than the source's, whose name
 * was used before, is thus the one that is still to be dropped.
 *
 * <p>Used by the writer's thread.
 */
final class PartitionFinder {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionFinder.class);

    /** A drop is announced within seconds; one from before the task never is. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private final Source source;
    private final Target target;
    private final LongSupplier nanoClock;
    private final Map<Long, Long> waitingSince = new HashMap<>();

    /** The source's partitions as its etcd has them now. */
    @FunctionalInterface
    interface Source {
        /** All that etcd has, dropped ones included; none when the collection is dropped. */
        List<SourcePartition> partitions(long collectionId) throws IOException;
    }

    /** The partitions of a collection at the target. */
    @FunctionalInterface
    interface Target {
        Optional<TargetPartition> find(CollectionRoute route, String name);
    }

    PartitionFinder(Source source, Target target) {
        this(source, target, System::nanoTime);
    }

    PartitionFinder(Source source, Target target, LongSupplier nanoClock) {
        this.source = source;
        this.target = target;
        this.nanoClock = nanoClock;
    }

    /** Where the rows of a message go; the answer is kept in the route. */
    Routing<Long> ofRows(CollectionRoute route, ChannelMessage rows) throws IOException {
        List<SourcePartition> named = named(route, rows.partitionName());
        Optional<SourcePartition> live = live(named);
        Optional<TargetPartition> there = target.find(route, rows.partitionName());
        if (live.isEmpty() || live.get().id() != rows.partitionId()) {
            return there.filter(t -> live.isEmpty() || !isYounger(t, live.get()))
                    .<Routing<Long>>map(t -> hold(route, rows, t.id()))
                    .orElseGet(Routing.Gone::new);
        }
        if (there.isEmpty()) {
            return new Routing.Blocked<>("partition " + rows.partitionName() + " isn't made yet");
        }
        boolean reused = named.stream().anyMatch(p -> p.state() == ObjectState.DROPPED);
        if (reused && !isYounger(there.get(), live.get()) && isPatient(rows)) {
            return new Routing.Blocked<>(
                    "partition " + rows.partitionName() + " waits for its older drop");
        }
        return hold(route, rows, there.get().id());
    }

    private boolean isPatient(ChannelMessage rows) {
        long now = nanoClock.getAsLong();
        long since = waitingSince.computeIfAbsent(rows.partitionId(), id -> now);
        if (now - since < PATIENCE_NANOS) {
            return true;
        }
        LOG.warn(
                "Partition {} (source id {}) was used before, and the older one's drop doesn't come:"
                        + " it's taken for done",
                rows.partitionName(),
                rows.partitionId());
        return false;
    }

    /** What a drop drops; gone when the target doesn't have it or has a younger one. */
    Routing<Long> ofDrop(CollectionRoute route, ChannelMessage drop) throws IOException {
        Optional<SourcePartition> live = live(named(route, drop.partitionName()));
        Long ofLive = live.map(p -> route.partitions().get(p.id())).orElse(null);
        return target.find(route, drop.partitionName())
                .filter(t -> live.isEmpty() || !isYounger(t, live.get()))
                .map(TargetPartition::id)
                .filter(id -> !id.equals(ofLive))
                .<Routing<Long>>map(Routing.Found::new)
                .orElseGet(Routing.Gone::new);
    }

    private List<SourcePartition> named(CollectionRoute route, String name) throws IOException {
        return source.partitions(route.sourceId()).stream()
                .filter(p -> p.name().equals(name))
                .toList();
    }

    private static Optional<SourcePartition> live(List<SourcePartition> named) {
        return named.stream().filter(p -> p.state() == ObjectState.CREATED).findFirst();
    }

    private static boolean isYounger(TargetPartition copy, SourcePartition original) {
        return copy.createdTs() > original.createTs();
    }

    private static Routing<Long> hold(CollectionRoute route, ChannelMessage message, long there) {
        route.partitions().put(message.partitionId(), there);
        return new Routing.Found<>(there);
    }
}

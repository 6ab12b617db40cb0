// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.Tso;
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
 * <p>One that the task has met the older partition in, by its rows or by its drop, is waited for
 * until it's gone, for however long the drop takes: the route keeps which source partition it
 * serves. A drop from before the task never comes, so otherwise the wait ends, by the channel's own
 * time: a drop is read within seconds of it, however slowly the channel is read.
 *
 * <p>Used by the writer's thread.
 */
final class PartitionFinder {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionFinder.class);

    /** How long after the younger partition's creation the drop is on every channel. */
    private static final long ANNOUNCED_MILLIS = Duration.ofSeconds(30).toMillis();

    /**
     * How long rows wait whose channel another writer reads, as the job was rescaled: neither ticks
     * nor the drop come here then.
     */
    private static final long ELSEWHERE_NANOS = Duration.ofMinutes(10).toNanos();

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

    /**
     * Where the rows of a message go; the answer is kept in the route.
     *
     * @param channelTick the last tick read from the rows' channel, {@link TickDecision#NONE}
     *     before the first
     */
    Routing<Long> ofRows(CollectionRoute route, ChannelMessage rows, long channelTick)
            throws IOException {
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
        if (!isYounger(there.get(), live.get())
                && (servesAnother(route, there.get(), live.get())
                        || (isReused(named) && isPatient(rows, live.get(), channelTick)))) {
            return new Routing.Blocked<>(
                    "partition " + rows.partitionName() + " waits for its older drop");
        }
        return hold(route, rows, there.get().id());
    }

    /** Then the other one is dropped at the source, as they share a name, and so will this be. */
    private static boolean servesAnother(
            CollectionRoute route, TargetPartition there, SourcePartition live) {
        return route.partitions().entrySet().stream()
                .anyMatch(e -> e.getValue() == there.id() && e.getKey() != live.id());
    }

    private static boolean isReused(List<SourcePartition> named) {
        return named.stream().anyMatch(p -> p.state() == ObjectState.DROPPED);
    }

    private boolean isPatient(ChannelMessage rows, SourcePartition live, long channelTick) {
        long now = nanoClock.getAsLong();
        long since = waitingSince.computeIfAbsent(rows.partitionId(), id -> now);
        boolean stillToCome =
                channelTick == TickDecision.NONE
                        ? now - since < ELSEWHERE_NANOS
                        : Tso.physicalMillis(channelTick) - Tso.physicalMillis(live.createTs())
                                < ANNOUNCED_MILLIS;
        if (stillToCome) {
            return true;
        }
        LOG.warn(
                "Partition {} (source id {}) was used before, and the older one's drop doesn't come:"
                        + " it's taken for done",
                rows.partitionName(),
                rows.partitionId());
        return false;
    }

    /**
     * What a drop drops, also kept in the route; gone when the target has none of the name, outside
     * when it has a younger one, or one that serves a younger one.
     */
    Routing<Long> ofDrop(CollectionRoute route, ChannelMessage drop) throws IOException {
        Optional<SourcePartition> live = live(named(route, drop.partitionName()));
        Long ofLive = live.map(p -> route.partitions().get(p.id())).orElse(null);
        Optional<TargetPartition> there = target.find(route, drop.partitionName());
        if (there.isEmpty()) {
            return new Routing.Gone<>();
        }
        return there.filter(t -> live.isEmpty() || !isYounger(t, live.get()))
                .map(TargetPartition::id)
                .filter(id -> !id.equals(ofLive))
                .<Routing<Long>>map(id -> hold(route, drop, id))
                .orElseGet(Routing.Outside::new);
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

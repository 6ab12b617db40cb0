// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Routes as a test says; a collection that it says nothing about is gone. */
final class RouterDouble implements Router {

    private final Map<Long, Routing<CollectionRoute>> routes = new HashMap<>();
    private final Map<String, Routing<Long>> partitions = new HashMap<>();
    private final Set<Long> forgotten = new HashSet<>();
    private final Set<Long> dropped = new HashSet<>();
    private IOException silence;
    private Drops drops = (route, drop) -> partition(route, drop, TickDecision.NONE);

    /**
     * A collection with a shard on each of two target pchannels; its source partition 1 is the
     * target's 11.
     */
    RouterDouble found(long id) {
        routes.put(
                id,
                new Routing.Found<>(
                        new CollectionRoute(
                                new KnownCollection(id, id * 10, "default", "c", Map.of(1L, 11L)),
                                "default",
                                "c",
                                id + 456,
                                List.of("t-dml_3_900v0", "t-dml_5_900v1"))));
        return this;
    }

    RouterDouble blocked(long id) {
        routes.put(id, new Routing.Blocked<>("an older collection has the name"));
        return this;
    }

    /** One that neither the source nor the task remembers. */
    RouterDouble forgotten(long id) {
        forgotten.add(id);
        return this;
    }

    /** One that the source has dropped. */
    RouterDouble dropped(long id) {
        dropped.add(id);
        return this;
    }

    /** Fails to look up what is dropped; null ends that. */
    RouterDouble silent(IOException failure) {
        silence = failure;
        return this;
    }

    RouterDouble outside(long id) {
        routes.put(id, new Routing.Outside<>());
        return this;
    }

    RouterDouble partition(String name, Routing<Long> routing) {
        partitions.put(name, routing);
        return this;
    }

    /** What is found for the drop of a partition. */
    @FunctionalInterface
    interface Drops {
        Routing<Long> of(CollectionRoute route, ChannelMessage drop) throws IOException;
    }

    /** Asks somebody else what the drops of partitions drop. */
    RouterDouble drops(Drops other) {
        drops = other;
        return this;
    }

    @Override
    public Routing<CollectionRoute> collection(long id) {
        return routes.getOrDefault(id, new Routing.Gone<>());
    }

    @Override
    public Routing<Long> partition(CollectionRoute route, ChannelMessage rows, long channelTick) {
        return partitions.getOrDefault(rows.partitionName(), new Routing.Gone<>());
    }

    @Override
    public Routing<Long> droppedPartition(CollectionRoute route, ChannelMessage drop)
            throws IOException {
        return drops.of(route, drop);
    }

    @Override
    public KnownCollection known(long id) {
        return forgotten.contains(id)
                ? null
                : new KnownCollection(id, id * 10, "default", "c", Map.of());
    }

    @Override
    public String nameAtHand(long id) {
        return "default.c";
    }

    @Override
    public List<KnownCollection> known() {
        return routed().stream().map(CollectionRoute::toKnown).toList();
    }

    @Override
    public Routing<List<KnownCollection>> knownAndDropped() {
        return silence != null
                ? new Routing.Blocked<>(silence.getMessage())
                : new Routing.Found<>(
                        known().stream().filter(known -> dropped.contains(known.id())).toList());
    }

    @Override
    public void forget(long id) {
        routes.remove(id);
    }

    private List<CollectionRoute> routed() {
        return routes.values().stream()
                .filter(Routing.Found.class::isInstance)
                .map(found -> ((Routing.Found<CollectionRoute>) found).at())
                .toList();
    }

    @Override
    public Collection<String> targetPchannels() {
        Collection<String> names = new TreeSet<>();
        routed().forEach(route -> names.addAll(route.targetPchannels()));
        return names;
    }

    @Override
    public void close() {
        // nothing is open
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.CollectionLookup;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.feeding.FeedLease;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.Adoptions;
import io.milvuscdc.connectors.target.CallListener;
import io.milvuscdc.connectors.target.TargetClient;
import io.milvuscdc.connectors.target.TargetCollection;
import io.milvuscdc.connectors.target.TargetDirectory;
import io.milvuscdc.connectors.target.TargetPartition;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes by what the source's etcd and the target say of themselves: a collection by its create
 * timestamp, a partition by its name and by which source partition it was first used for. Asked
 * once per collection and partition; after that the answer is at hand.
 */
final class CatalogueRouter implements Router {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogueRouter.class);

    private static final String DEFAULT_PARTITION = "_default";

    private final CollectionLookup lookup;
    private final TargetClient target;
    private final TargetDirectory directory;
    private final PartitionFinder partitions;
    private final ReplicationScope scope;
    private final Membership membership;
    private final Patience patience = new Patience(System::nanoTime);
    private final Map<Long, CollectionRoute> routes = new HashMap<>();
    private final KnownCollections remembered;

    /** Full names of collections that were found at the source and have no place yet. */
    private final Map<Long, String> unplaced = new HashMap<>();

    private final Set<Long> gone = new HashSet<>();
    private final Set<Long> outside = new HashSet<>();
    private final Set<String> targetPchannels = new TreeSet<>();

    CatalogueRouter(
            CollectionLookup lookup,
            TargetClient target,
            TargetDirectory directory,
            ReplicationScope scope,
            StartPoint start,
            Collection<WriterState> restored) {
        this.lookup = lookup;
        this.scope = scope;
        this.membership =
                new Membership(
                        scope.selection(),
                        start,
                        lookup::earliestName,
                        createTs -> directory.findByCreateTs(createTs).isPresent());
        this.target = target;
        this.directory = directory;
        this.partitions = new PartitionFinder(lookup::partitions, this::targetPartition);
        this.remembered = new KnownCollections(restored);
    }

    /** Makes nothing at the target while it may not be sent. */
    static Router open(
            SinkConfig config,
            Collection<WriterState> restored,
            CallListener calls,
            FeedLease feeding)
            throws IOException {
        return Parts.assemble(
                parts -> {
                    CollectionLookup lookup = parts.add(new CollectionLookup(config.etcd()));
                    TargetClient target =
                            parts.add(TargetClient.ofJob(config.target(), calls, feeding::isHeld));
                    return new CatalogueRouter(
                            lookup,
                            target,
                            new TargetDirectory(target, new Adoptions()),
                            config.scope(),
                            config.start(),
                            restored);
                });
    }

    @Override
    public Routing<CollectionRoute> collection(long id) throws IOException {
        CollectionRoute route = routes.get(id);
        if (route != null) {
            return new Routing.Found<>(route);
        }
        if (gone.contains(id)) {
            return new Routing.Gone<>();
        }
        if (outside.contains(id)) {
            return new Routing.Outside<>();
        }
        Routing<CollectionRoute> found = patience.ask(() -> find(id));
        if (!(found instanceof Routing.Blocked<CollectionRoute>)) {
            unplaced.remove(id);
        }
        if (found instanceof Routing.Found<CollectionRoute> made) {
            routes.put(id, made.at());
            remembered.put(made.at().toKnown());
            targetPchannels.addAll(made.at().targetPchannels());
        } else if (found instanceof Routing.Gone<CollectionRoute>) {
            gone.add(id);
        } else if (found instanceof Routing.Outside<CollectionRoute>) {
            outside.add(id);
        }
        return found;
    }

    private Routing<CollectionRoute> find(long id) throws IOException {
        boolean routedBefore = remembered.find(id).isPresent();
        if (!routedBefore && membership.known(id).equals(Optional.of(false))) {
            return new Routing.Outside<>();
        }
        Optional<SourceCollection> source = lookup.find(id);
        if (source.isEmpty()) {
            return findForgotten(id);
        }
        if (!routedBefore && !membership.includes(source.get())) {
            return new Routing.Outside<>();
        }
        unplaced.put(id, source.get().dbName() + "." + source.get().name());
        remembered
                .find(id)
                .ifPresent(known -> directory.remember(source.get().createTs(), known.createTs()));
        TargetDirectory.Resolution resolution =
                directory.resolve(scope.atTarget(source.get()), lookup::isLiveCreateTs);
        if (resolution instanceof TargetDirectory.Resolution.Routed routed) {
            return new Routing.Found<>(route(source.get(), routed.target()));
        }
        if (resolution instanceof TargetDirectory.Resolution.Adopt adopt) {
            LOG.info(
                    "Target collection {} was there before: its schema is the source's, so it is taken over",
                    adopt.target().fullName());
            return new Routing.Found<>(route(source.get(), adopt.target()));
        }
        if (resolution instanceof TargetDirectory.Resolution.Missing) {
            if (routedBefore) {
                LOG.warn(
                        "The copy of source collection {}.{} isn't at the target any more, somebody"
                                + " else has dropped it: it's made again, without the rows that"
                                + " were there",
                        source.get().dbName(),
                        source.get().name());
            }
            return create(source.get());
        }
        if (resolution instanceof TargetDirectory.Resolution.Blocked blocked) {
            return new Routing.Blocked<>(blocked.reason());
        }
        return new Routing.Gone<>();
    }

    /**
     * The source has forgotten the collection, so it was dropped long ago; the target may still
     * have it.
     */
    private Routing<CollectionRoute> findForgotten(long id) throws IOException {
        Optional<KnownCollection> known = remembered.find(id);
        if (known.isEmpty()) {
            return new Routing.Gone<>();
        }
        return directory
                .findByCreateTs(known.get().createTs())
                .<Routing<CollectionRoute>>map(
                        at ->
                                new Routing.Found<>(
                                        route(
                                                KnownCollections.atCopy(
                                                        known.get(), at, directory::partitions),
                                                at)))
                .orElseGet(Routing.Gone::new);
    }

    private Routing<CollectionRoute> create(SourceCollection source) throws IOException {
        SourceCollection copy = scope.atTarget(source);
        if (makeDatabase(source.dbName(), copy.dbName())) {
            LOG.info("Created database {} at the target", copy.dbName());
        }
        if (directory.create(copy)) {
            LOG.info(
                    "Created collection {}.{} at the target for source collection {}",
                    copy.dbName(),
                    copy.name(),
                    source.id());
        }
        return directory
                .findByCreateTs(source.createTs())
                .<Routing<CollectionRoute>>map(at -> new Routing.Found<>(route(source, at)))
                .orElseGet(() -> new Routing.Blocked<>("just made, not described yet"));
    }

    /**
     * Makes it as the reconciler would, which sets no properties afterwards: those of a database
     * that is replicated as such.
     *
     * @return false when it was there before
     */
    private boolean makeDatabase(String atSource, String name) throws IOException {
        if (target.listDatabases().contains(name)) {
            return false;
        }
        Optional<SourceDatabase> original =
                scope.selection().coversDatabase(atSource)
                        ? lookup.database(atSource)
                        : Optional.empty();
        target.createDatabase(name, original.map(SourceDatabase::properties).orElseGet(List::of));
        return true;
    }

    private CollectionRoute route(SourceCollection source, TargetCollection at) {
        return route(remembered.at(source, at, directory::partitions), at);
    }

    private static CollectionRoute route(KnownCollection source, TargetCollection at) {
        return new CollectionRoute(source, at.db(), at.name(), at.id(), at.vchannels());
    }

    @Override
    public Routing<Long> partition(CollectionRoute route, ChannelMessage rows, long channelTick)
            throws IOException {
        return remember(
                route,
                patience.ask(
                        () ->
                                scope.ignorePartitions()
                                        ? merged(route, rows)
                                        : partitions.ofRows(route, rows, channelTick)));
    }

    /**
     * Partitions aren't made: rows go to one that somebody has made under the name, or to the
     * default one. What was chosen first for a partition stays, so that deletes find their rows.
     */
    private Routing<Long> merged(CollectionRoute route, ChannelMessage rows) {
        Map<String, TargetPartition> there = directory.partitions(route.targetId());
        TargetPartition chosen =
                there.getOrDefault(rows.partitionName(), there.get(DEFAULT_PARTITION));
        if (chosen == null) {
            return new Routing.Blocked<>(
                    "there is neither a partition " + rows.partitionName() + " nor a default one");
        }
        route.partitions().put(rows.partitionId(), chosen.id());
        return new Routing.Found<>(chosen.id());
    }

    @Override
    public Routing<Long> droppedPartition(CollectionRoute route, ChannelMessage drop)
            throws IOException {
        return scope.ignorePartitions()
                ? new Routing.Outside<>()
                : remember(route, patience.ask(() -> partitions.ofDrop(route, drop)));
    }

    private Routing<Long> remember(CollectionRoute route, Routing<Long> found) {
        if (found instanceof Routing.Found<Long>) {
            remembered.put(route.toKnown());
        }
        return found;
    }

    private Optional<TargetPartition> targetPartition(CollectionRoute route, String name) {
        return Optional.ofNullable(directory.partitions(route.targetId()).get(name));
    }

    @Override
    public KnownCollection known(long id) throws IOException {
        Optional<KnownCollection> known = remembered.find(id);
        if (known.isPresent()) {
            return known.get();
        }
        return lookup.find(id)
                .map(s -> new KnownCollection(id, s.createTs(), s.dbName(), s.name(), Map.of()))
                .orElse(null);
    }

    @Override
    public String nameAtHand(long id) {
        return remembered
                .find(id)
                .map(known -> known.database() + "." + known.name())
                .orElseGet(() -> unplaced.getOrDefault(id, ""));
    }

    @Override
    public List<KnownCollection> known() {
        return remembered.all();
    }

    @Override
    public Routing<List<KnownCollection>> knownAndDropped() throws IOException {
        return patience.ask(
                () -> {
                    Set<Long> live = lookup.liveIds();
                    return new Routing.Found<>(
                            remembered.all().stream()
                                    .filter(known -> !live.contains(known.id()))
                                    .toList());
                });
    }

    @Override
    public void forget(long id) {
        routes.remove(id);
        remembered.forget(id);
    }

    @Override
    public Collection<String> targetPchannels() {
        return targetPchannels;
    }

    @Override
    public void close() {
        Parts.closeAll(lookup, target);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.catalogue.CollectionLookup;
import io.milvuscdc.connectors.catalogue.LiveProperties;
import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.catalogue.SourceVersion;
import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.feeding.FeedLease;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.target.Adoptions;
import io.milvuscdc.connectors.target.CallListener;
import io.milvuscdc.connectors.target.DropExecutor;
import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.connectors.target.MetadataReconciler;
import io.milvuscdc.connectors.target.TargetClient;
import io.milvuscdc.connectors.target.TargetCollection;
import io.milvuscdc.connectors.target.TargetDirectory;
import io.milvuscdc.connectors.target.TargetException;
import io.milvuscdc.connectors.target.TargetPartition;
import io.milvuscdc.connectors.target.UserRoles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the target's metadata what the source's etcd says, behind the ticks and on a thread of its
 * own, so that a slow load or index never holds back a tick. Drops are different: they belong to
 * the commit and are done by its thread.
 */
final class MetadataWorker implements TargetMetadata {

    private static final Logger LOG = LoggerFactory.getLogger(MetadataWorker.class);

    private static final SourceVersion USERS_SINCE = new SourceVersion(2, 4, 10);

    private final String taskId;
    private final SourceCatalogue catalogue;
    private final LiveProperties properties;
    private final TargetClient target;
    private final CollectionLookup history;
    private final UndroppedView undropped;
    private final ScopedView source;
    private final UserRoles userRoles;
    private final MetadataReconciler reconciler;
    private final DropExecutor drops;
    private final UnmetDrops unmetDrops;
    private final Flusher flusher;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final List<FlushOperation> flushes = new ArrayList<>();
    private long readTs;
    private long tick;
    private boolean due;
    private boolean closed;

    private final Set<Long> dropped = ConcurrentHashMap.newKeySet();
    private final DroppedPartitions droppedPartitions = new DroppedPartitions();
    private final DroppedAliases droppedAliases = new DroppedAliases();
    private final VanishedDatabases vanished;
    private volatile Set<String> targetPchannels = Set.of();
    private volatile List<String> pending = List.of();
    private volatile RuntimeException failure;

    private MetadataWorker(
            SourceCatalogue catalogue,
            LiveProperties properties,
            CollectionLookup history,
            TargetClient target,
            SinkConfig config) {
        this.taskId = config.taskId();
        this.catalogue = catalogue;
        this.properties = properties;
        this.target = target;
        Adoptions adoptions = new Adoptions();
        this.drops = new DropExecutor(target, adoptions, droppedAliases::add);
        this.unmetDrops = new UnmetDrops(target::replicate, config.retries());
        this.history = history;
        ReplicationScope scope = config.scope();
        this.vanished = new VanishedDatabases(scope, catalogue::databases, drops::dropIfEmpty);
        this.userRoles = new UserRoles(target, config.target(), scope.names());
        TargetDirectory copies = new TargetDirectory(target, adoptions);
        this.undropped =
                new UndroppedView(
                        shownBy(catalogue), properties::refresh, dropped, droppedPartitions);
        this.source =
                new ScopedView(
                        undropped,
                        scope,
                        new Membership(
                                scope.selection(),
                                config.start(),
                                history::earliestName,
                                createTs -> copies.findByCreateTs(createTs).isPresent()));
        this.reconciler = new MetadataReconciler(target, source, adoptions, drops);
        this.flusher =
                new Flusher(
                        taskId,
                        collection ->
                                target.flush(collection.dbName(), List.of(collection.name())));
        this.thread = new Thread(this::run, "metadata-" + taskId);
        this.thread.setDaemon(true);
    }

    /** Changes nothing at the target while it may not be sent. */
    static TargetMetadata start(SinkConfig config, CallListener calls, FeedLease feeding)
            throws IOException {
        MetadataWorker worker =
                Parts.assemble(
                        parts ->
                                new MetadataWorker(
                                        parts.add(SourceCatalogue.open(config.etcd())),
                                        parts.add(new LiveProperties(config.etcd())),
                                        parts.add(new CollectionLookup(config.etcd())),
                                        parts.add(
                                                TargetClient.ofJob(
                                                        config.target(), calls, feeding::isHeld)),
                                        config));
        worker.thread.start();
        if (config.scope().userRoles()) {
            warnOfSilentSource(config);
        }
        return worker;
    }

    private static MetadataReconciler.SourceView shownBy(SourceCatalogue catalogue) {
        return new MetadataReconciler.SourceView() {
            @Override
            public List<SourceDatabase> databases() {
                return catalogue.databases();
            }

            @Override
            public List<SourceCollection> collections() {
                return catalogue.collections();
            }

            @Override
            public Optional<SourceCollection> collection(long id) {
                return catalogue.collection(id);
            }
        };
    }

    private static void warnOfSilentSource(SinkConfig config) {
        try {
            SourceVersion.read(config.etcd())
                    .filter(version -> version.compareTo(USERS_SINCE) < 0)
                    .ifPresent(
                            version ->
                                    LOG.warn(
                                            "Task {}: users, roles and grants are asked for"
                                                    + " (enable_user_role), but the source, Milvus"
                                                    + " {}, doesn't publish them, {} and later do:"
                                                    + " make them at the target by hand",
                                            config.taskId(),
                                            version,
                                            USERS_SINCE));
        } catch (IOException e) {
            LOG.warn(
                    "Task {}: whether the source publishes users, roles and grants can't be told:"
                            + " {}",
                    config.taskId(),
                    e.getMessage());
        }
    }

    @Override
    public void drop(DropOperation drop) throws IOException, InterruptedException {
        boolean done =
                switch (drop.kind()) {
                    case COLLECTION -> {
                        announceIfUnmet(drop);
                        dropped.add(drop.collectionId());
                        yield drops.dropCollection(
                                drop.createTs(),
                                drop.database(),
                                drop.collection(),
                                drop.timestamp());
                    }
                    // it goes when the last of its collections has gone
                    case DATABASE -> false;
                    case PARTITION -> {
                        droppedPartitions.add(drop.collectionId(), drop.partitionId());
                        yield drops.dropPartition(
                                drop.createTs(),
                                drop.partition(),
                                there -> isMeant(drop, there),
                                drop.timestamp());
                    }
                };
        reconciler.markDirty(Set.of(drop.collectionId()));
        if (done) {
            LOG.info(
                    "Task {}: dropped {} {}.{}{} at the target (source collection {}, tso {})",
                    taskId,
                    drop.kind() == DropOperation.Kind.COLLECTION ? "collection" : "partition",
                    drop.database(),
                    drop.collection(),
                    drop.partition().isEmpty() ? "" : "/" + drop.partition(),
                    drop.collectionId(),
                    drop.timestamp());
        }
        if (dropsDatabase(drop)) {
            LOG.info(
                    "Task {}: dropped the copy of database {} at the target",
                    taskId,
                    drop.database());
        }
    }

    /** A writer that has met the copy has put the copy's create ts into the drop. */
    private void announceIfUnmet(DropOperation drop) throws InterruptedException {
        Optional<TargetCollection> copy = drops.takenOver(drop.createTs());
        if (copy.isPresent()) {
            unmetDrops.announce(drop, copy.get());
        }
    }

    /**
     * The writer may have met none, and this worker have made it since; unless that was for a
     * younger one of the name, which is younger at the target, too, and shown before it's made.
     */
    private boolean isMeant(DropOperation drop, TargetPartition there) {
        if (drop.targetPartitionId() != DropOperation.NOT_MET) {
            return there.id() == drop.targetPartitionId();
        }
        OptionalLong younger = undropped.partitionSince(drop.collectionId(), drop.partition());
        return younger.isEmpty() || there.createdTs() <= younger.getAsLong();
    }

    private boolean dropsDatabase(DropOperation drop) {
        return switch (drop.kind()) {
            case DATABASE -> vanished.dropped(drop.database());
            case COLLECTION -> vanished.lostACollection(drop.database());
            case PARTITION -> false;
        };
    }

    @Override
    public void apply(UserRoleOperation operation) {
        if (userRoles.apply(operation.type(), operation.request())) {
            LOG.info(
                    "Task {}: {} of the source done at the target",
                    taskId,
                    MsgType.forNumber(operation.type()));
        }
    }

    @Override
    public void committed(long upTo, long sentTick, List<FlushOperation> passed) {
        lock.lock();
        try {
            readTs = upTo;
            tick = sentTick;
            due = true;
            flushes.addAll(passed);
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                long upTo;
                long sentTick;
                List<FlushOperation> passed = new ArrayList<>();
                lock.lockInterruptibly();
                try {
                    // the tick may stand still while drops and changes go on
                    while (!closed && !due) {
                        wake.await();
                    }
                    if (closed) {
                        return;
                    }
                    due = false;
                    upTo = readTs;
                    sentTick = tick;
                    passed.addAll(flushes);
                    flushes.clear();
                } finally {
                    lock.unlock();
                }
                reconcile(upTo, sentTick);
                passed.forEach(this::flush);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (FatalTargetException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = e;
            LOG.error("Task {}: metadata can't be replicated any further", taskId, e);
        }
    }

    private void reconcile(long upTo, long sentTick) {
        reconciler.markDirty(catalogue.drainChangedCollections());
        if (!decideOnNew()) {
            return;
        }
        if (!droppedAliases.isEmpty()) {
            reconciler.markDirty(droppedAliases.takeOwners(source.collections()));
        }
        reconciler.restoreKnownDatabases(vanished.take());
        MetadataReconciler.ReconcileResult result = reconciler.reconcile(upTo, sentTick);
        targetPchannels = new TreeSet<>(result.targetPchannels());
        pending = List.copyOf(result.pending());
    }

    /** False when that can't be done now: the next commit tries again. */
    private boolean decideOnNew() {
        try {
            source.decideOnNew();
            return true;
        } catch (FatalTargetException e) {
            throw e;
        } catch (SourceRefusedException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (TargetException | IOException e) {
            LOG.warn("Task {}: metadata is left for later: {}", taskId, e.getMessage());
            return false;
        }
    }

    private void flush(FlushOperation flush) {
        for (String name : flush.collections()) {
            source.called(flush.database(), name).ifPresent(flusher::flush);
        }
    }

    @Override
    public Collection<String> targetPchannels() {
        Set<String> all = new TreeSet<>(targetPchannels);
        all.addAll(unmetDrops.pchannels());
        return all;
    }

    @Override
    public List<String> pending() {
        return pending;
    }

    @Override
    public void throwIfFailed() {
        if (failure != null) {
            throw failure;
        }
        flusher.throwIfFailed();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        Parts.closeAll(flusher, catalogue, properties, history, target);
    }
}

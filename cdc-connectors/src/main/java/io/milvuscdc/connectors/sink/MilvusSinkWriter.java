// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.milvus.grpc.DropDatabaseRequest;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.feeding.FeedLease;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageRewriter;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.RouteTarget;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.source.SourceException;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.UserRoles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import milvus.proto.msg.Msg;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pre-commit: sends rows to the target as soon as they are read, ahead of any time tick and with
 * their timestamps and msgIDs as they are. The target shows them only once the committer's tick has
 * passed them. Never sends a tick itself.
 *
 * <p>Rows keep the order of their channel. Rows of a collection whose name at the target is still
 * held by an older one wait, with everything of that collection behind them, and no tick passes
 * them meanwhile. So does everything while it isn't known that no other job feeds the target.
 */
final class MilvusSinkWriter
        implements CommittingSinkWriter<ChannelMessage, WriterReport>,
                StatefulSinkWriter<ChannelMessage, WriterState> {

    private static final Logger LOG = LoggerFactory.getLogger(MilvusSinkWriter.class);

    /** How often something that waits is tried again. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Set<Integer> NEEDS_NOTHING =
            Set.of(
                    // the collection is made on its first row, or by the reconciler from etcd
                    MsgType.CreateCollection_VALUE,
                    // the rest comes from etcd, where it can't be lost: the replicate channel is
                    // best effort
                    MsgType.CreateDatabase_VALUE,
                    MsgType.AlterDatabase_VALUE,
                    MsgType.CreatePartition_VALUE,
                    MsgType.LoadCollection_VALUE,
                    MsgType.ReleaseCollection_VALUE,
                    MsgType.LoadPartitions_VALUE,
                    MsgType.ReleasePartitions_VALUE,
                    MsgType.CreateIndex_VALUE,
                    MsgType.AlterIndex_VALUE,
                    MsgType.DropIndex_VALUE,
                    MsgType.CreateAlias_VALUE,
                    MsgType.DropAlias_VALUE,
                    MsgType.AlterAlias_VALUE,
                    MsgType.RenameCollection_VALUE,
                    MsgType.AlterCollection_VALUE,
                    MsgType.AlterCollectionField_VALUE);

    private final Router router;
    private final Outbox outbox;
    private final TargetApplier applier;
    private final FeedLease feeding;
    private final String replicateChannel;
    private final boolean replicatesUserRoles;
    private final StartGate gate;

    private final WaitingRoom waiting = new WaitingRoom();
    private final Map<String, Progress> progress = new HashMap<>();
    private final List<DropOperation> drops = new ArrayList<>();
    private final DroppedCollections dropped = new DroppedCollections();
    private final List<FlushOperation> flushes = new ArrayList<>();
    private final List<UserRoleOperation> userRoles = new ArrayList<>();
    private final TickMarks marks = new TickMarks();
    private final Set<Long> reportedGone = new HashSet<>();
    private final Set<Long> reportedUnfound = new HashSet<>();
    private final Set<Integer> reportedUnknown = new HashSet<>();
    private final Set<String> reportedDone = new HashSet<>();
    private boolean restoredLookedUp;
    private long retriedNanos;
    private WriterReport lastReport;
    private Unconfirmed unconfirmed;

    private final Counter rowsSent;
    private final Counter bytesSent;
    private final Counter rowsOfDropped;
    private final Counter dropsNotFound;
    private final Counter rowsOutside;
    private final Counter rowsBeforeStart;
    private final Counter rowsDoneBefore;
    private final Counter unknownMessages;
    private final ChannelMetrics channelMetrics;
    private final CollectionMetrics collectionMetrics;

    /** A report that waits until everything that it covers is acknowledged. */
    private record Unconfirmed(WriterReport report, Outbox.Mark sent) {}

    /**
     * A source pchannel's progress while it changes; {@link ChannelProgress} is its reported form.
     */
    private static final class Progress {
        private long tick = TickDecision.NONE;
        private MqPosition next = new MqPosition(0, 0);
    }

    /**
     * Takes up what a checkpoint held.
     *
     * @param feeding asked before anything is sent; closed with the writer
     * @param replicateChannel has no ticks and isn't reported as a pchannel
     * @param replicatesUserRoles whether changes of users, roles and grants are handed on
     * @param start where single collections begin
     */
    MilvusSinkWriter(
            Router router,
            TargetApplier applier,
            FeedLease feeding,
            RetryPolicy retries,
            String replicateChannel,
            boolean replicatesUserRoles,
            StartPoint start,
            Collection<WriterState> restored,
            SinkWriterMetricGroup metrics) {
        this.router = router;
        this.applier = applier;
        this.feeding = feeding;
        this.channelMetrics = new ChannelMetrics(metrics);
        this.collectionMetrics =
                new CollectionMetrics(metrics, router::nameAtHand, System::nanoTime);
        this.outbox =
                new Outbox(
                        new FencedApplier(applier, feeding),
                        retries,
                        4L << 20,
                        32L << 20,
                        channelMetrics::target);
        this.replicateChannel = replicateChannel;
        this.replicatesUserRoles = replicatesUserRoles;
        this.gate = new StartGate(start);
        for (WriterState state : restored) {
            state.waiting().forEach(waiting::add);
        }
        this.restoredLookedUp = restored.stream().allMatch(state -> state.known().isEmpty());
        this.rowsSent = metrics.getNumRecordsSendCounter();
        this.bytesSent = metrics.getNumBytesSendCounter();
        this.rowsOfDropped = metrics.counter("rowsOfDroppedCollections");
        this.dropsNotFound = metrics.counter("dropsNotFound");
        this.rowsOutside = metrics.counter("rowsOutsideSelection");
        this.rowsBeforeStart = metrics.counter("rowsBeforeStart");
        this.rowsDoneBefore = metrics.counter("rowsDoneBefore");
        this.unknownMessages = metrics.counter("unknownMessages");
        metrics.gauge("waitingBytes", waiting::bytes);
        metrics.gauge("unacknowledgedBytes", outbox::pendingBytes);
        metrics.gauge("requestsSentAgain", outbox::sentAgain);
        metrics.setCurrentSendTimeGauge(outbox::lastSendMillis);
        collectionMetrics.waiting(waiting.oldest());
    }

    @Override
    public void write(ChannelMessage message, Context context)
            throws IOException, InterruptedException {
        retryWaiting();
        switch (message.type()) {
            case MsgType.TimeTick_VALUE -> {
                Progress at = progressOf(message);
                at.tick = Math.max(at.tick, message.timestamp());
                gate.passed(message.pchannel(), message.timestamp());
                forgetDropped(message.timestamp());
                marks.add(message.pchannel(), message.timestamp(), message.position());
            }
            case MsgType.Insert_VALUE,
                    MsgType.Delete_VALUE,
                    MsgType.DropCollection_VALUE,
                    MsgType.DropPartition_VALUE ->
                    deliver(message);
            case MsgType.Flush_VALUE -> flushes.add(flush(message));
            case MsgType.DropDatabase_VALUE -> drops.add(dropDatabase(message));
            default -> other(message);
        }
        if (message.pchannel().equals(replicateChannel)) {
            marks.addOperation(replicateChannel, message.timestamp(), message.position());
        } else {
            progressOf(message).next =
                    new MqPosition(message.position().ledger(), message.position().entry() + 1);
        }
    }

    private void forgetDropped(long tick) throws IOException {
        if (!restoredLookedUp) {
            noteRestoredDrops();
        }
        dropped.forgetBefore(tick, waiting::holds, router::forget);
    }

    /**
     * Which drops were handed on isn't in the state, and those from before the checkpoint aren't
     * read again. So what the source has dropped by now counts as dropped now.
     */
    private void noteRestoredDrops() throws IOException {
        long now = Tso.of(System.currentTimeMillis(), 0);
        if (router.knownAndDropped() instanceof Routing.Found<List<KnownCollection>> found) {
            found.at().forEach(known -> dropped.add(known.id(), now));
            restoredLookedUp = true;
        }
    }

    /** The last tick read from a pchannel, which another writer may read by now. */
    private long tickOf(String pchannel) {
        Progress at = progress.get(pchannel);
        return at == null ? TickDecision.NONE : at.tick;
    }

    private Progress progressOf(ChannelMessage message) {
        return progress.computeIfAbsent(message.pchannel(), name -> new Progress());
    }

    private void retryWaiting() throws IOException, InterruptedException {
        if (waiting.isEmpty() || System.nanoTime() - retriedNanos < RETRY_NANOS) {
            return;
        }
        retriedNanos = System.nanoTime();
        tryWaiting();
    }

    private void tryWaiting() throws IOException, InterruptedException {
        waiting.retry(this::send);
        collectionMetrics.waiting(waiting.oldest());
    }

    private void deliver(ChannelMessage message) throws IOException, InterruptedException {
        if (message.rows() > 0) {
            channelMetrics.read(message);
            collectionMetrics.read(message);
        }
        if (!gate.isOpen(message)) {
            rowsBeforeStart.inc(message.rows());
            return;
        }
        if (gate.isDone(message)) {
            skipDone(message);
            return;
        }
        boolean mayPass = WaitingRoom.mayPass(message) || !waiting.holds(message.collectionId());
        if (mayPass && send(message)) {
            return;
        }
        waiting.add(message);
        waiting.pause(message.payload().size(), this::retryWaiting);
    }

    private void skipDone(ChannelMessage message) {
        rowsDoneBefore.inc(message.rows());
        if (reportedDone.add(message.pchannel())) {
            LOG.info(
                    "Skipped a message of collection {} at {} of {}: by the position that the task began with, the target has all of this collection up to a later timestamp. Counted from here on in rowsDoneBefore.",
                    message.collectionId(),
                    message.position().describe(),
                    message.pchannel());
        }
    }

    /** Sends a message of a collection; false when it has to wait. */
    private boolean send(ChannelMessage message) throws IOException, InterruptedException {
        if (!feeding.isHeld()) {
            return false;
        }
        Routing<CollectionRoute> found = router.collection(message.collectionId());
        if (found instanceof Routing.Blocked<CollectionRoute> blocked) {
            return waits(message, blocked.reason());
        }
        if (message.type() == MsgType.DropCollection_VALUE) {
            collectionMetrics.dropped(message.collectionId());
        }
        if (found instanceof Routing.Found<CollectionRoute> route) {
            return switch (message.type()) {
                case MsgType.DropCollection_VALUE -> dropCollection(message, route.at());
                case MsgType.DropPartition_VALUE -> dropPartition(message, route.at());
                default -> rows(message, route.at());
            };
        }
        if (found instanceof Routing.Outside<CollectionRoute>) {
            rowsOutside.inc(message.rows());
            return true;
        }
        if (message.type() == MsgType.DropCollection_VALUE) {
            // the reconciler may have made it in the meantime; its drop finds nothing otherwise
            KnownCollection known = router.known(message.collectionId());
            if (known == null) {
                warnOfUnknown(message);
            } else {
                handOn(dropOf(message, known.createTs(), known.database(), known.name()));
            }
        }
        skip(message, "its collection " + message.collectionId());
        return true;
    }

    private boolean waits(ChannelMessage message, String reason) {
        LOG.debug("Collection {} waits: {}", message.collectionId(), reason);
        collectionMetrics.blocked(message.collectionId(), reason);
        return false;
    }

    /** What tells its copy from others, the create ts, is in neither the message nor etcd. */
    private void warnOfUnknown(ChannelMessage drop) {
        String name = parse(drop, Msg.DropCollectionRequest.parser()).getCollectionName();
        // what says of its rows that the target doesn't have it would be wrong here
        reportedGone.add(drop.collectionId());
        if (name.isEmpty()) {
            // rootcoord's step.go, unwatchChannelsStep: a create that has failed, never replicated
            LOG.info("Collection {} wasn't made: the source has undone it", drop.collectionId());
            return;
        }
        dropsNotFound.inc();
        if (reportedUnfound.add(drop.collectionId())) {
            LOG.warn(
                    "Collection {} (source id {}) was dropped so long ago that the source has"
                            + " forgotten it, and this task hasn't noted it: if the target has a"
                            + " copy, it stays. Look there, and drop it by hand if the source has"
                            + " no collection of its name by now. Counted in dropsNotFound.",
                    name,
                    drop.collectionId());
        }
    }

    private boolean rows(ChannelMessage message, CollectionRoute route)
            throws IOException, InterruptedException {
        long targetPartition = RouteTarget.ALL_PARTITIONS;
        if (message.partitionId() > 0) {
            Long known = route.partitions().get(message.partitionId());
            if (known == null) {
                Routing<Long> found = router.partition(route, message, tickOf(message.pchannel()));
                if (found instanceof Routing.Blocked<Long> blocked) {
                    return waits(message, blocked.reason());
                }
                if (!(found instanceof Routing.Found<Long> partition)) {
                    skip(message, "its partition " + message.partitionName());
                    return true;
                }
                known = partition.at();
            }
            targetPartition = known;
        }
        String vchannel = route.targetVchannel(message.vchannel());
        ByteString suffix = suffix(message, route, vchannel, targetPartition);
        outbox.add(
                CollectionRoute.pchannel(vchannel),
                MessageRewriter.rewrite(message, suffix),
                message.timestamp());
        channelMetrics.sent(message);
        collectionMetrics.sent(message, route);
        rowsSent.inc(message.rows());
        bytesSent.inc(message.payload().size());
        return true;
    }

    private static ByteString suffix(
            ChannelMessage message, CollectionRoute route, String vchannel, long targetPartition) {
        CollectionRoute.RowPlace place =
                new CollectionRoute.RowPlace(
                        message.type(), message.vchannel(), message.partitionId());
        return route.suffixes()
                .computeIfAbsent(
                        place,
                        p ->
                                MessageRewriter.suffix(
                                        message.type(), target(route, targetPartition, vchannel)));
    }

    private static RouteTarget target(CollectionRoute route, long partition, String vchannel) {
        return new RouteTarget(
                route.targetId(),
                partition,
                vchannel,
                route.targetDatabase(),
                route.targetName(),
                "");
    }

    private boolean dropPartition(ChannelMessage message, CollectionRoute route)
            throws IOException, InterruptedException {
        Routing<Long> found = router.droppedPartition(route, message);
        if (found instanceof Routing.Blocked<Long> blocked) {
            return waits(
                    message,
                    "the drop of partition "
                            + message.partitionName()
                            + " waits: "
                            + blocked.reason());
        }
        if (found instanceof Routing.Found<Long> partition) {
            sendToAll(message, route, partition.at());
            drops.add(dropOf(message, route, partition.at()));
        } else if (found instanceof Routing.Gone<Long>) {
            // the metadata worker may be about to make it
            drops.add(dropOf(message, route, DropOperation.NOT_MET));
        }
        return true;
    }

    private static DropOperation dropOf(
            ChannelMessage message, CollectionRoute route, long targetPartition) {
        return new DropOperation(
                DropOperation.Kind.PARTITION,
                message.timestamp(),
                message.collectionId(),
                message.partitionId(),
                route.createTs(),
                route.sourceDatabase(),
                route.sourceName(),
                message.partitionName(),
                targetPartition);
    }

    private boolean dropCollection(ChannelMessage message, CollectionRoute route)
            throws IOException, InterruptedException {
        sendToAll(message, route, RouteTarget.ALL_PARTITIONS);
        handOn(dropOf(message, route.createTs(), route.sourceDatabase(), route.sourceName()));
        return true;
    }

    /**
     * A drop has no vchannel: it is on every pchannel of its collection, and every copy goes to all
     * of the collection's pchannels at the target. What is dropped already ignores the others.
     */
    private void sendToAll(ChannelMessage drop, CollectionRoute route, long targetPartition)
            throws IOException, InterruptedException {
        ByteString suffix = MessageRewriter.suffix(drop.type(), target(route, targetPartition, ""));
        for (String pchannel : new TreeSet<>(route.targetPchannels())) {
            outbox.add(pchannel, MessageRewriter.rewrite(drop, suffix), drop.timestamp());
        }
    }

    private void handOn(DropOperation ofCollection) {
        drops.add(ofCollection);
        dropped.add(ofCollection.collectionId(), ofCollection.timestamp());
    }

    private static DropOperation dropOf(
            ChannelMessage message, long createTs, String database, String name) {
        return new DropOperation(
                DropOperation.Kind.COLLECTION,
                message.timestamp(),
                message.collectionId(),
                0,
                createTs,
                database,
                name,
                "",
                0);
    }

    private static FlushOperation flush(ChannelMessage message) {
        FlushRequest request = parse(message, FlushRequest.parser());
        return new FlushOperation(
                message.timestamp(), request.getDbName(), request.getCollectionNamesList());
    }

    private static DropOperation dropDatabase(ChannelMessage message) {
        return new DropOperation(
                DropOperation.Kind.DATABASE,
                message.timestamp(),
                0,
                0,
                0,
                parse(message, DropDatabaseRequest.parser()).getDbName(),
                "",
                "",
                0);
    }

    private static <T> T parse(ChannelMessage message, Parser<T> parser) {
        try {
            return parser.parseFrom(message.payload());
        } catch (InvalidProtocolBufferException e) {
            throw new SourceException(
                    "The message of channel "
                            + message.pchannel()
                            + " at "
                            + message.position()
                            + " isn't what its type "
                            + message.type()
                            + " says: "
                            + e.getMessage(),
                    e);
        }
    }

    private void skip(ChannelMessage message, String what) {
        rowsOfDropped.inc(message.rows());
        if (reportedGone.add(message.collectionId())) {
            LOG.info(
                    "Skipped a message of {} at {}: {} has been dropped at the source and doesn't exist at the target. Counted from"
                            + " here on in rowsOfDroppedCollections.",
                    message.pchannel(),
                    message.position(),
                    what);
        }
    }

    private void other(ChannelMessage message) {
        if (NEEDS_NOTHING.contains(message.type())) {
            return;
        }
        if (UserRoles.isOfThese(message.type())) {
            if (replicatesUserRoles) {
                userRoles.add(new UserRoleOperation(message.type(), message.payload()));
            }
            return;
        }
        unknownMessages.inc();
        if (reportedUnknown.add(message.type())) {
            LOG.warn(
                    "Channel {} has a message of type {} ({}) at {}, which isn't replicated. Counted from here on in unknownMessages.",
                    message.pchannel(),
                    message.type(),
                    MsgType.forNumber(message.type()),
                    message.position());
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        tryWaiting();
        outbox.awaitAcknowledged();
    }

    /**
     * Between checkpoints: a report that says something new, as soon as what it covers is
     * acknowledged. Never waits; to be called every few milliseconds.
     */
    Optional<WriterReport> pollReport() throws IOException, InterruptedException {
        retryWaiting();
        if (unconfirmed == null) {
            WriterReport now = report();
            if (lastReport != null && !now.tellsMoreThan(lastReport)) {
                return Optional.empty();
            }
            unconfirmed = new Unconfirmed(now, outbox.mark());
        }
        if (!outbox.isAcknowledged(unconfirmed.sent())) {
            return Optional.empty();
        }
        lastReport = unconfirmed.report();
        unconfirmed = null;
        return Optional.of(lastReport);
    }

    /** To be called after {@link #flush}. */
    @Override
    public Collection<WriterReport> prepareCommit() {
        List<WriterReport> reports = new ArrayList<>();
        if (unconfirmed != null) {
            reports.add(unconfirmed.report());
            unconfirmed = null;
        }
        lastReport = report();
        reports.add(lastReport);
        collectionMetrics.closeDropped();
        return reports;
    }

    private WriterReport report() {
        Map<String, ChannelProgress> reported = new HashMap<>();
        progress.forEach((name, at) -> reported.put(name, new ChannelProgress(at.tick, at.next)));
        WriterReport report =
                new WriterReport(
                        reported,
                        waiting.minTimestamps(),
                        router.targetPchannels(),
                        drops,
                        flushes,
                        userRoles,
                        marks.drain(),
                        outbox.places(),
                        waiting.maxTimestamps());
        drops.clear();
        flushes.clear();
        userRoles.clear();
        return report;
    }

    @Override
    public List<WriterState> snapshotState(long checkpointId) {
        return List.of(new WriterState(router.known(), waiting.messages()));
    }

    @Override
    public void close() {
        Parts.closeAll(router, applier, feeding);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.feeding.FeedLease;
import io.milvuscdc.connectors.message.TimeTicks;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.target.TargetException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.metrics.groups.SinkCommitterMetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commit: sends the checkpoint's time tick to every target pchannel in use, then does the drops
 * that it has passed, then wakes the metadata worker. Flink opens as many as the job has
 * parallelism; one gets all units, the others stay idle and begin nothing. Called by its task's
 * thread once the checkpoint is complete, and again on restore when it isn't known to be done.
 * Doing it twice changes nothing: the target ignores a tick that isn't newer, a drop of what is
 * gone is done.
 */
final class TickCommitter implements Committer<CommitUnit> {

    private static final Logger LOG = LoggerFactory.getLogger(TickCommitter.class);
    private static final long LOG_EVERY_MILLIS = 30_000;

    private final String taskId;
    private final TargetApplier applier;
    private final MetadataStart start;
    private final FeedLease feeding;
    private final RetryPolicy retries;
    private final Clock clock;
    private final long restoredCheckpointId;
    private final Map<String, Long> sent = new HashMap<>();
    private volatile long committed = TickDecision.NONE;
    private volatile long drainedMillis;
    private final HaltSwitch halt = HaltSwitch.fromSystemProperty();
    private long loggedMillis;
    private TargetMetadata metadata;

    /** Starts what the first commit needs. */
    @FunctionalInterface
    interface MetadataStart {
        TargetMetadata start() throws IOException;
    }

    TickCommitter(
            String taskId,
            TargetApplier applier,
            MetadataStart start,
            FeedLease feeding,
            RetryPolicy retries,
            Clock clock,
            OptionalLong restoredCheckpointId) {
        this.taskId = taskId;
        this.applier = applier;
        this.start = start;
        this.feeding = feeding;
        this.retries = retries;
        this.clock = clock;
        this.restoredCheckpointId = restoredCheckpointId.orElse(Long.MIN_VALUE);
    }

    static TickCommitter open(SinkConfig config, CommitterInitContext context) throws IOException {
        SinkCommitterMetricGroup metrics = context.metricGroup();
        ApiCalls calls = new ApiCalls(metrics);
        return Parts.assemble(
                parts -> {
                    FeedLease feeding = parts.add(feeding(config, context));
                    TickCommitter committer =
                            new TickCommitter(
                                    config.taskId(),
                                    parts.add(ReplicateApplier.open(config.target(), calls)),
                                    () -> MetadataWorker.start(config, calls, feeding),
                                    feeding,
                                    config.retries(),
                                    Clock.systemUTC(),
                                    context.getRestoredCheckpointId());
                    metrics.gauge(
                            "committedTickMillis", () -> Tso.physicalMillis(committer.committed));
                    metrics.gauge("lagMillis", committer::lagMillis);
                    return committer;
                });
    }

    private static FeedLease feeding(SinkConfig config, CommitterInitContext context) {
        return config.feedLease(
                context.getJobInfo().getJobId().toHexString(),
                "committer-" + context.getTaskInfo().getIndexOfThisSubtask());
    }

    /**
     * Now minus the last committed tick, or minus when a source without collections was last found
     * to be read to its end; 0 before the first. Grows when anything hangs.
     */
    long lagMillis() {
        long upTo = Math.max(Tso.physicalMillis(committed), drainedMillis);
        return upTo == 0 ? 0 : Math.max(0, clock.millis() - upTo);
    }

    @Override
    public void commit(Collection<CommitRequest<CommitUnit>> requests)
            throws IOException, InterruptedException {
        for (CommitRequest<CommitUnit> request : requests) {
            commit(request.getCommittable());
        }
    }

    /**
     * Commits one unit; a tick alone at any time, anything else when its checkpoint is complete.
     */
    void commit(CommitUnit unit) throws IOException, InterruptedException {
        if (metadata == null) {
            // metadata, too, is changed behind a commit only
            awaitRight();
            metadata = start.start();
        }
        metadata.throwIfFailed();
        if (unit.tick() != TickDecision.NONE) {
            halt.pass(HaltSwitch.Point.BEFORE_TICKS);
            if (unit.checkpointId() >= restoredCheckpointId) {
                sendTicks(unit);
            }
            halt.pass(HaltSwitch.Point.AFTER_TICKS);
            committed = Math.max(committed, unit.tick());
        }
        drainedMillis = unit.drainedMillis();
        for (DropOperation drop : unit.drops()) {
            // this process may have stood still after the tick, or after the drop before
            awaitRight();
            metadata.drop(drop);
        }
        if (unit.readTs() != TickDecision.NONE) {
            metadata.committed(unit.readTs(), committed, unit.flushes());
        }
        for (UserRoleOperation operation : unit.userRoles()) {
            awaitRight();
            metadata.apply(operation);
        }
        logProgress();
    }

    private void awaitRight() throws IOException, InterruptedException {
        feeding.await(retries.giveUpAfter());
    }

    /**
     * A checkpoint may hold the unit before it, too, when its completion was told after the next
     * barrier. On restore that one's tick may be older than what was sent; the newer unit follows.
     */
    private void sendTicks(CommitUnit unit) throws IOException, InterruptedException {
        Set<String> pchannels = new TreeSet<>(unit.targetPchannels());
        pchannels.addAll(metadata.targetPchannels());
        pchannels.removeIf(name -> sent.getOrDefault(name, TickDecision.NONE) >= unit.tick());
        if (halt.armed(HaltSwitch.Point.BETWEEN_TICKS) && pchannels.size() > 1) {
            String first = pchannels.iterator().next();
            sendTick(Set.of(first), unit.tick());
            halt.pass(HaltSwitch.Point.BETWEEN_TICKS);
            pchannels.remove(first);
        }
        sendTick(pchannels, unit.tick());
    }

    /** Sends one tick to pchannels side by side, each until it is acknowledged. */
    private void sendTick(Set<String> pchannels, long tick)
            throws IOException, InterruptedException {
        if (pchannels.isEmpty()) {
            return;
        }
        awaitRight();
        long deadline = clock.millis() + retries.giveUpAfter().toMillis();
        List<ByteString> message = List.of(TimeTicks.message(tick));
        Set<String> open = pchannels;
        for (int attempt = 0; !open.isEmpty(); attempt++) {
            Map<String, CompletableFuture<String>> calls = new TreeMap<>();
            for (String pchannel : open) {
                calls.put(pchannel, applier.send(pchannel, tick, tick, message));
            }
            Map<String, TargetException> failed = new TreeMap<>();
            for (Map.Entry<String, CompletableFuture<String>> call : calls.entrySet()) {
                await(call.getKey(), call.getValue(), failed);
            }
            calls.keySet().removeAll(failed.keySet());
            calls.keySet().forEach(pchannel -> sent.put(pchannel, tick));
            open = failed.keySet();
            if (!failed.isEmpty()) {
                retryOrGiveUp(failed, attempt, deadline);
            }
        }
    }

    private static void await(
            String pchannel, CompletableFuture<String> call, Map<String, TargetException> failed)
            throws InterruptedException, IOException {
        try {
            call.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TargetException target
                    && target.kind() == TargetException.Kind.RETRY) {
                failed.put(pchannel, target);
                return;
            }
            if (e.getCause() instanceof RuntimeException fatal) {
                throw fatal;
            }
            throw new IOException("Could not send a time tick to target channel " + pchannel, e);
        }
    }

    private void retryOrGiveUp(Map<String, TargetException> failed, int attempt, long deadline)
            throws IOException, InterruptedException {
        Map.Entry<String, TargetException> first = failed.entrySet().iterator().next();
        if (clock.millis() > deadline) {
            throw new IOException(
                    "Target channel "
                            + first.getKey()
                            + " took no time tick for "
                            + retries.giveUpAfter().toSeconds()
                            + " s: "
                            + first.getValue().getMessage(),
                    first.getValue());
        }
        if (attempt == 0) {
            LOG.warn(
                    "Task {}: {} target channels didn't take the time tick, trying again: {}",
                    taskId,
                    failed.size(),
                    first.getValue().getMessage());
        }
        Thread.sleep(retries.pause(attempt).toMillis());
    }

    private void logProgress() {
        long now = clock.millis();
        if (now - loggedMillis >= LOG_EVERY_MILLIS) {
            loggedMillis = now;
            List<String> pending = new ArrayList<>(metadata.pending());
            LOG.info(
                    "Task {}: committed up to tick {}, lag {} ms, {} target channels{}",
                    taskId,
                    committed,
                    lagMillis(),
                    sent.size(),
                    pending.isEmpty() ? "" : ", metadata still to do: " + pending);
        }
    }

    @Override
    public void close() {
        if (metadata == null) {
            Parts.closeAll(applier, feeding);
        } else {
            Parts.closeAll(metadata, applier, feeding);
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.e2e.queue.KafkaQueueReader;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.queue.QueuedMessage;
import io.milvuscdc.e2e.queue.VisibleLag;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.FlinkApi;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** The collections of a shape under a running replication, to write to and to look at. */
final class ShapeRun implements AutoCloseable {

    private final BenchServers servers;
    private final Replication replication;
    private final MilvusSession session;
    private final Workload workload;
    private final KafkaQueueReader target;
    private final QueueReader source;
    private final Set<String> pchannels;

    private ShapeRun(
            BenchServers servers,
            Replication replication,
            MilvusSession session,
            Workload workload,
            KafkaQueueReader target,
            QueueReader source,
            Set<String> pchannels) {
        this.servers = servers;
        this.replication = replication;
        this.session = session;
        this.workload = workload;
        this.target = target;
        this.source = source;
        this.pchannels = pchannels;
    }

    /** Makes the collections and waits until the first rows of each have arrived. */
    static ShapeRun start(BenchServers servers, Replication replication, Shape shape) {
        return start(servers, replication, shape, OptionalInt.empty());
    }

    /** The same, with so many rows in an insert of a backlog. */
    static ShapeRun start(
            BenchServers servers, Replication replication, Shape shape, OptionalInt insertRows) {
        MilvusSession session = MilvusSession.open(servers.source().uri());
        Workload workload = new Workload(session, shape, servers.nextName(), insertRows);
        KafkaQueueReader target = servers.targetQueue();
        Map<String, MqPosition> before = target.ends(targetPchannels(servers, target));
        workload.createCollections();
        int rows = workload.touch();
        Set<String> pchannels = new TreeSet<>();
        Await.until(
                "the first rows to arrive at the target",
                Await.PATIENCE,
                () -> {
                    Throughput arrived = new Throughput();
                    Map<String, MqPosition> after = target.starts(targetPchannels(servers, target));
                    after.putAll(before);
                    target.read(
                            after,
                            (message, at) -> {
                                arrived.visit(message, at);
                                if (message.rows() > 0) {
                                    pchannels.add(message.pchannel());
                                }
                            });
                    return arrived.rows() >= rows;
                });
        return new ShapeRun(
                servers, replication, session, workload, target, servers.sourceQueue(), pchannels);
    }

    private static Collection<String> targetPchannels(BenchServers servers, QueueReader target) {
        return target.pchannels(servers.target().options().name());
    }

    Workload workload() {
        return workload;
    }

    /** Where the queues of both stood at a moment. */
    record Places(Map<String, MqPosition> source, Map<String, MqPosition> target) {}

    /** Where they stand now. */
    Places places() {
        return new Places(sourceEnds(), target.ends(pchannels));
    }

    private Map<String, MqPosition> sourceEnds() {
        return source.ends(source.pchannels(servers.source().options().name()));
    }

    /** How many messages the target's pchannels have got since. */
    long arrivedSince(Places places) {
        AtomicLong messages = new AtomicLong();
        target.read(places.target(), (message, at) -> messages.incrementAndGet());
        return messages.get();
    }

    /**
     * Waits until the target's ticks have passed a time, a tso. Looks rarely: each look fetches the
     * last message of every pchannel, which has megabytes in a catch-up, and takes its CPU from
     * what is measured (five looks a second took as much as the tool itself).
     */
    void awaitTick(long tso) {
        Await.untilAskedRarely(
                "the target's ticks to pass what was written",
                Await.PATIENCE,
                Duration.ofSeconds(1),
                () -> target.endWithTick(pchannels, tso));
    }

    /** A backlog that nobody has read yet, while the task is paused. */
    record Backlog(long writtenTso, Map<String, MqPosition> behind) {}

    /** Pauses the task and writes. */
    Backlog fill(int rows) throws InterruptedException, ExecutionException {
        replication.pause();
        return write(rows);
    }

    /** Writes, with the task as it is. */
    Backlog write(int rows) throws InterruptedException, ExecutionException {
        Map<String, MqPosition> behind = sourceEnds();
        workload.fill(rows);
        return new Backlog(Tso.of(System.currentTimeMillis(), 0), behind);
    }

    /** The backlog's messages with rows. */
    List<ChannelMessage> messages(Backlog backlog) {
        List<ChannelMessage> messages = new ArrayList<>();
        source.read(
                backlog.behind(),
                (message, at) -> {
                    if (message.rows() > 0) {
                        messages.add(message);
                    }
                });
        return messages;
    }

    /** Something that sends rows to the target. */
    @FunctionalInterface
    interface Sending {
        void send() throws InterruptedException, ExecutionException;
    }

    /** How fast plain calls, which nothing else is under way beside, reach the target's queue. */
    Throughput plainCalls(PlainCalls calls, Sending sending)
            throws InterruptedException, ExecutionException {
        awaitCalm();
        Map<String, MqPosition> before = target.ends(targetPchannels(servers, target));
        sending.send();
        Throughput sent = new Throughput();
        target.read(
                before,
                (message, at) -> {
                    if (calls.isOwn(message)) {
                        sent.visit(message, at);
                    }
                });
        return sent;
    }

    /** The pchannels whose ticks the task sends. */
    Set<String> pchannels() {
        return pchannels;
    }

    /** Waits until the servers have done what rows of earlier measurements left them to do. */
    void awaitCalm() {
        Calm.await(servers.pids(replication));
    }

    /** What a catch-up took. */
    record CaughtUp(
            Throughput rows, long resumedMillis, CpuUse use, FlinkApi.Checkpoints checkpoints) {}

    /** Resumes the task and waits until the target's ticks are behind the backlog. */
    CaughtUp catchUp(Backlog backlog) throws IOException, InterruptedException {
        awaitCalm();
        Map<String, MqPosition> before = target.ends(pchannels);
        long resumed = System.currentTimeMillis();
        try (CpuSampler sampler = CpuSampler.of(servers.pids(replication))) {
            replication.resume();
            // what arrived is read afterwards: to read it now would cost the job its CPU
            awaitTick(backlog.writtenTso());
            FlinkApi.Checkpoints checkpoints = replication.checkpoints();
            Throughput rows = new Throughput();
            target.read(before, rows);
            return new CaughtUp(
                    rows, resumed, sampler.between(rows.first(), rows.last()), checkpoints);
        }
    }

    /**
     * What live rows took.
     *
     * @param atSource until the source's own tick had passed them: nobody can show them earlier
     */
    record Live(VisibleLag lag, VisibleLag atSource, double rowsPerSecond, CpuUse use) {}

    /** Writes at a steady rate, first a while to warm up, and waits until all is visible. */
    Live live(int rowsPerSecond, Duration warmUp, Duration length)
            throws InterruptedException, ExecutionException {
        workload.steadily(rowsPerSecond, warmUp);
        Places before = places();
        long since = System.currentTimeMillis();
        try (CpuSampler sampler = CpuSampler.of(servers.pids(replication))) {
            double written = workload.steadily(rowsPerSecond, length);
            CpuUse use = sampler.all();
            VisibleLag lag = lag(before, since);
            Map<String, List<QueuedMessage>> own = source.readAfter(before.source());
            return new Live(lag, VisibleLag.of(own, own, since), written, use);
        }
    }

    /** Of what was written at or after a time, once all of it is visible. */
    VisibleLag lag(Places before, long sinceMillis) {
        awaitTick(Tso.of(System.currentTimeMillis(), 0));
        return VisibleLag.of(
                source.readAfter(before.source()), target.readAfter(before.target()), sinceMillis);
    }

    @Override
    public void close() {
        session.close();
        target.close();
        source.close();
    }
}

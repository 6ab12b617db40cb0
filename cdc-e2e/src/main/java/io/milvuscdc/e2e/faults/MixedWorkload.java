// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.servers.ServerException;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Several writers at once, each with a sequence of its own that a seed decides. */
final class MixedWorkload {

    /** How many of its writers write rows that stay. */
    static final int ROW_WRITERS = 2;

    /** So long one waits that Milvus has refused something, as clients do. */
    static final Duration BACKOFF = Duration.ofSeconds(1);

    private final List<IntConsumer> writers = new ArrayList<>();
    private final List<SteadyRows> rows = new ArrayList<>();
    private final SteadyRows filler;
    private final Changes changes;
    private final List<Future<?>> running = new ArrayList<>();
    private ExecutorService threads;
    private volatile boolean stopped;
    private int versions;

    /** Makes what the writers write to. */
    MixedWorkload(MilvusSession milvus, long seed) {
        for (int writer = 0; writer < ROW_WRITERS; writer++) {
            rows.add(new SteadyRows(milvus, new Random(seed * 31 + writer), writer));
        }
        filler = new SteadyRows(milvus, new Random(seed), ROW_WRITERS);
        filler.prepare();
        changes = new Changes(milvus, new Random(seed));
        rows.forEach(one -> writers.add(one::step));
        rows.add(filler);
        writers.add(changes::step);
    }

    /** Writes until {@link #stop}. */
    void start() {
        stopped = false;
        int from = versions;
        // of its own: the common pool has a thread less than the machine has cores
        threads = Executors.newFixedThreadPool(writers.size());
        writers.forEach(writer -> running.add(threads.submit(() -> write(writer, from))));
    }

    private void write(IntConsumer writer, int from) {
        for (int version = from; !stopped; version++) {
            writer.accept(version);
        }
    }

    /** Writes so many thousand rows at once, beside the writers; for one thread. */
    void fill(int thousands) {
        filler.fill(thousands);
    }

    /**
     * Returns when nobody writes any more.
     *
     * @throws ServerException when a writer has ended before
     */
    void stop() {
        stopped = true;
        threads.shutdown();
        try {
            for (Future<?> writer : running) {
                writer.get();
            }
        } catch (ExecutionException e) {
            throw new ServerException("a writer has failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while writers end", e);
        } finally {
            running.clear();
        }
        versions += 1_000_000;
    }

    /** Somebody else has loaded all collections. */
    void allIsLoaded() {
        changes.allIsLoaded();
    }

    /** What it has come to so far. */
    WorkDone done() {
        SortedMap<String, Long> batches = new TreeMap<>();
        SteadyRows.collections()
                .forEach(
                        name ->
                                batches.put(
                                        name, rows.stream().mapToLong(r -> r.batches(name)).sum()));
        return new WorkDone(
                batches,
                rows.stream().mapToLong(SteadyRows::written).sum(),
                rows.stream().mapToLong(SteadyRows::refused).sum(),
                changes.done(),
                changes.failed());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.workload.MilvusSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/** Several writers at once, each with a sequence of its own that a seed decides. */
final class MixedWorkload {

    private static final int ROW_WRITERS = 2;

    private final List<IntConsumer> writers = new ArrayList<>();
    private final List<SteadyRows> rows = new ArrayList<>();
    private final SteadyRows filler;
    private final Changes changes;
    private List<CompletableFuture<Void>> running = List.of();
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
        running =
                writers.stream()
                        .map(writer -> CompletableFuture.runAsync(() -> write(writer, from)))
                        .toList();
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

    /** Returns when nobody writes any more; what a writer failed of is thrown. */
    void stop() {
        stopped = true;
        running.forEach(CompletableFuture::join);
        running = List.of();
        versions += 1_000_000;
    }

    @Override
    public String toString() {
        return "%d rows written, %d batches failed; %d other changes, %d failed"
                .formatted(
                        rows.stream().mapToLong(SteadyRows::written).sum(),
                        rows.stream().mapToLong(SteadyRows::refused).sum(),
                        changes.done(),
                        changes.failed());
    }
}

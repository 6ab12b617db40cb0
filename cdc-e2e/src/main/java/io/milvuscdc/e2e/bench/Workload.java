// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** Writes rows of a shape to the source, into all its collections in turn. */
final class Workload {

    private static final int WRITERS = 2;
    private static final long INSERT_BYTES = 2L << 20;
    private static final int BATCHES_A_SECOND = 10;

    /** The golden ratio's fraction, whose multiples are spread most evenly over 0 to 1. */
    private static final double SPREAD = 0.618034;

    private final MilvusSession source;
    private final Shape shape;
    private final List<String> names;
    private final int insertRows; // of a backlog
    private final Map<Integer, PreparedRows> prepared = new ConcurrentHashMap<>(); // by their size

    /**
     * @param insertRows how many an insert of a backlog has; of 2 MiB unless it's said
     */
    Workload(MilvusSession source, Shape shape, String prefix, OptionalInt insertRows) {
        this.source = source;
        this.shape = shape;
        this.names = shape.names(prefix);
        this.insertRows = insertRows.orElse(shape.rowsOf(INSERT_BYTES));
    }

    void createCollections() {
        for (String name : names) {
            source.createCollection(
                    name,
                    shape.schema(),
                    MilvusSession.CollectionSettings.plain().withShards(shape.shards()));
        }
    }

    /** Writes as fast as the source takes it, a little more than wanted. */
    void fill(int rows) throws InterruptedException, ExecutionException {
        PreparedRows prepared = prepared(insertRows);
        int batches = (rows + prepared.size() - 1) / prepared.size();
        SideBySide.run(
                WRITERS,
                IntStream.range(0, batches)
                        .<Runnable>mapToObj(batch -> () -> insert(prepared, batch))
                        .toList());
    }

    /** Writes a batch of some rows into every collection; returns how many rows that are. */
    int touch() {
        PreparedRows prepared = prepared(shape.shards() * 8);
        for (int batch = 0; batch < names.size(); batch++) {
            insert(prepared, batch);
        }
        return prepared.size() * names.size();
    }

    /**
     * Writes at a steady rate, ten batches a second, for a while. Each batch comes at a moment of
     * its tenth of a second that differs from the others': Milvus ticks every two tenths, and at
     * the same moment each would wait for its tick as long as the first does by chance.
     *
     * @return rows a second, fewer than wanted when the source didn't take more
     */
    double steadily(int rowsPerSecond, Duration length)
            throws InterruptedException, ExecutionException {
        PreparedRows prepared = prepared(Math.max(1, rowsPerSecond / BATCHES_A_SECOND));
        int batches = (int) (length.toMillis() * BATCHES_A_SECOND / 1_000);
        long between = Duration.ofSeconds(1).toNanos() / BATCHES_A_SECOND;
        long start = System.nanoTime();
        SideBySide.run(
                WRITERS,
                IntStream.range(0, batches)
                        .<Runnable>mapToObj(
                                batch ->
                                        () -> {
                                            pauseUntil(
                                                    start
                                                            + batch * between
                                                            + (long)
                                                                    (batch * SPREAD % 1 * between));
                                            insert(prepared, batch);
                                        })
                        .toList());
        double seconds = (System.nanoTime() - start) / 1e9;
        return (double) batches * prepared.size() / Math.max(seconds, length.toMillis() / 1e3);
    }

    private PreparedRows prepared(int size) {
        return prepared.computeIfAbsent(size, rows -> PreparedRows.of(shape, rows));
    }

    private static void pauseUntil(long nanos) {
        Await.pause(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
    }

    private void insert(PreparedRows prepared, int batch) {
        source.insertColumns(
                names.get(batch % names.size()), "", prepared.batch(batch), prepared.size());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does things on several threads. */
final class SideBySide {

    private SideBySide() {}

    /**
     * Does all of them, begun in their order, and returns when they are done.
     *
     * @throws ExecutionException when one fails; the others are interrupted then
     */
    static void run(int threads, List<Runnable> tasks)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> begun = new ArrayList<>();
            for (Runnable task : tasks) {
                begun.add(pool.submit(task));
            }
            for (Future<?> one : begun) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}

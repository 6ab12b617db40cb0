// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.progress;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The source's collections, asked for anew each time. However many ask while etcd doesn't answer,
 * one thread waits for it, and nobody longer than a bound.
 */
public final class SourceCollections implements AutoCloseable {

    private final Callable<List<SourceCollection>> question;
    private final Duration bound;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread thread = new Thread(task, "source-collections");
                        thread.setDaemon(true);
                        return thread;
                    });
    private FutureTask<List<SourceCollection>> underWay; // guarded by this

    /** Asks the source's etcd. */
    public SourceCollections(EtcdConfig etcd) {
        this(
                () -> {
                    try (SourceCatalogue catalogue = SourceCatalogue.open(etcd)) {
                        return catalogue.collections();
                    }
                },
                Duration.ofSeconds(10));
    }

    SourceCollections(Callable<List<SourceCollection>> question, Duration bound) {
        this.question = question;
        this.bound = bound;
    }

    /**
     * The collections that exist.
     *
     * @throws IOException in words, when etcd can't be read or doesn't answer in time
     */
    public List<SourceCollection> list() throws IOException {
        try {
            return ask().get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the source's etcd hasn't answered within "
                            + bound.toMillis()
                            + " ms; is sourceConfig.etcd right, is etcd up?",
                    e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server is stopping", e);
        }
    }

    private synchronized Future<List<SourceCollection>> ask() {
        if (underWay == null || underWay.isDone()) {
            underWay = new FutureTask<>(question);
            worker.execute(underWay);
        }
        return underWay;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import io.etcd.jetcd.Client;
import io.milvuscdc.connectors.catalogue.EtcdClients;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Calls of the etcd that tasks are kept in: bounded, and with words when they fail. */
final class EtcdSession implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(3);

    /** gRPC waits long between attempts after an outage; a client that has failed is replaced. */
    private static final long REPLACE_AFTER_NANOS = Duration.ofSeconds(5).toNanos();

    private final EtcdConfig config;
    private Client client;
    private long builtAt;
    private boolean failing;
    private boolean closed;

    EtcdSession(EtcdConfig config) {
        this.config = config;
    }

    /**
     * The answer to a call.
     *
     * @param what for the message, "can't ..."
     */
    <T> T call(String what, Function<Client, CompletableFuture<T>> call) throws StoreException {
        CompletableFuture<T> answer = call.apply(client());
        try {
            T result = answer.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
            setFailing(false);
            return result;
        } catch (TimeoutException e) {
            answer.cancel(true);
            setFailing(true);
            throw StoreException.passing(
                    "can't " + what + ": " + this + " did not answer in time, is it healthy?", e);
        } catch (ExecutionException e) {
            setFailing(true);
            throw StoreException.passing(
                    "can't " + what + ": " + this + " " + EtcdClients.inWords(e.getCause()),
                    e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted before it could " + what, e);
        }
    }

    private synchronized Client client() throws StoreException {
        if (closed) {
            throw new StoreException("the connection to " + this + " is closed");
        }
        if (client != null && failing && System.nanoTime() - builtAt > REPLACE_AFTER_NANOS) {
            client.close();
            client = null;
        }
        if (client == null) {
            try {
                client = EtcdClients.client(config);
            } catch (IOException e) {
                throw new StoreException("metaStoreConfig.etcd: " + e.getMessage(), e);
            }
            builtAt = System.nanoTime();
            failing = false;
        }
        return client;
    }

    private synchronized void setFailing(boolean now) {
        failing = now;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
            client = null;
        }
    }

    @Override
    public String toString() {
        return "etcd " + config.endpoints();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import io.etcd.jetcd.Client;
import io.milvuscdc.connectors.catalogue.EtcdClient;
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

    private final EtcdConfig config;
    private final EtcdClient client;

    EtcdSession(EtcdConfig config) {
        this.config = config;
        this.client = new EtcdClient(config);
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
            client.setFailing(false);
            return result;
        } catch (TimeoutException e) {
            answer.cancel(true);
            client.setFailing(true);
            throw StoreException.passing(
                    "can't " + what + ": " + this + " did not answer in time, is it healthy?", e);
        } catch (ExecutionException e) {
            client.setFailing(true);
            throw StoreException.passing(
                    "can't " + what + ": " + this + " " + EtcdClient.inWords(e.getCause()),
                    e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted before it could " + what, e);
        }
    }

    private Client client() throws StoreException {
        if (client.isClosed()) {
            throw new StoreException("the connection to " + this + " is closed");
        }
        try {
            return client.get();
        } catch (IOException e) {
            throw new StoreException("metaStoreConfig.etcd: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return "etcd " + config.endpoints();
    }
}

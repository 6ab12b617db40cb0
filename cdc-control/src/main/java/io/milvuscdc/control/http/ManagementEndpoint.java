// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import io.milvuscdc.control.config.TransportSettings;
import java.io.IOException;

/**
 * The pages for operators (metrics and the like), on a listener of their own that only this machine
 * reaches unless {@code management.address} says otherwise. Paths are exact; a path that nobody has
 * registered is answered with 404.
 */
public final class ManagementEndpoint implements AutoCloseable {

    private final HttpListener listener;

    /** An endpoint that doesn't listen yet. */
    public ManagementEndpoint(TransportSettings settings) {
        this.listener =
                new HttpListener(
                        "the management endpoint",
                        "management.address",
                        settings.management(),
                        settings);
    }

    /** Adds or replaces the page of a path, such as {@code /metrics}; also while it listens. */
    public void register(String path, HttpPage page) {
        listener.page(path, page);
    }

    /**
     * Starts to listen.
     *
     * @throws IOException the address can't be listened on
     */
    public void start() throws IOException {
        listener.start();
    }

    /** The port that was really taken. */
    public int port() {
        return listener.port();
    }

    @Override
    public void close() throws Exception {
        listener.close();
    }
}

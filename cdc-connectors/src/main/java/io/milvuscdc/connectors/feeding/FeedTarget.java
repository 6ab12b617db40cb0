// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * A target by its address, in one spelling: without scheme and login, in lower case, with its port.
 * A loopback address means another Milvus on every host, so it comes with the host's name.
 */
record FeedTarget(String address) {

    private static final int DEFAULT_PORT = 19530;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * The target of a URI.
     *
     * @param uri {@code host:port}, with or without {@code http(s)://}
     * @param thisHost where it's used
     * @throws IllegalArgumentException it's none; doesn't show it, it may hold a login
     */
    static FeedTarget of(String uri, String thisHost) {
        URI parsed;
        try {
            parsed = URI.create(uri.contains("://") ? uri : "http://" + uri);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the target's uri isn't http://host:port");
        }
        if (parsed.getHost() == null) {
            throw new IllegalArgumentException("the target's uri isn't http://host:port");
        }
        String host = parsed.getHost().toLowerCase(Locale.ROOT);
        int port = parsed.getPort() >= 0 ? parsed.getPort() : defaultPort(parsed.getScheme());
        return new FeedTarget(
                LOOPBACK.contains(host) ? "localhost:" + port + "@" + thisHost : host + ":" + port);
    }

    private static int defaultPort(String scheme) {
        return scheme.equalsIgnoreCase("https") ? 443 : DEFAULT_PORT;
    }

    @Override
    public String toString() {
        return address;
    }
}

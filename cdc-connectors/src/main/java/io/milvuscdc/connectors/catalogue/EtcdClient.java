// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * The client of an etcd, of the source's or of one that something else is kept in. It fails a call,
 * rather than waits, while etcd is away, and is replaced when its calls fail. Thread-safe.
 */
public final class EtcdClient implements AutoCloseable {

    private static final Duration CONNECT_BOUND = Duration.ofSeconds(5);

    /**
     * gRPC waits up to two minutes between attempts to connect after a long outage. A client that
     * has failed is replaced, but not more often than this.
     */
    private static final long REPLACE_AFTER_NANOS = Duration.ofSeconds(5).toNanos();

    private final EtcdConfig config;
    private Client client;
    private long builtAt;
    private boolean failing;
    private boolean closed;

    /** Connects with the first call. */
    public EtcdClient(EtcdConfig config) {
        this.config = config;
    }

    /**
     * The client for the next call; not to be kept.
     *
     * @throws IOException an endpoint or a certificate can't be used, or {@link #close} was called
     */
    public synchronized Client get() throws IOException {
        if (closed) {
            throw new IOException("the connection to " + config + " is closed");
        }
        if (client != null && failing && System.nanoTime() - builtAt > REPLACE_AFTER_NANOS) {
            client.close();
            client = null;
        }
        if (client == null) {
            client = build(config);
            builtAt = System.nanoTime();
            failing = false;
        }
        return client;
    }

    /** Whether the last call failed in a way that another client may overcome. */
    public synchronized void setFailing(boolean now) {
        failing = now;
    }

    /** What a failed call says, in words that name what to check. */
    public static String inWords(Throwable failure) {
        return EtcdConnection.inWords(failure);
    }

    /**
     * Whether etcd answers the same until somebody changes a login, a permission or a certificate.
     */
    public static boolean isRefusal(Throwable failure) {
        return EtcdConnection.isRefusal(failure);
    }

    /** Whether the login is right, but what was asked is forbidden to it. */
    public static boolean isPermissionDenied(Throwable failure) {
        return EtcdConnection.isPermissionDenied(failure);
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** A client that doesn't wait for an etcd that's away, but says so. */
    private static Client build(EtcdConfig config) throws IOException {
        List<URI> endpoints = new ArrayList<>();
        for (String endpoint : config.endpoints()) {
            endpoints.add(uri(endpoint));
        }
        try {
            ClientBuilder builder =
                    Client.builder()
                            .endpoints(endpoints)
                            .connectTimeout(CONNECT_BOUND)
                            .keepaliveTime(Duration.ofSeconds(10))
                            .keepaliveTimeout(Duration.ofSeconds(10))
                            .keepaliveWithoutCalls(false)
                            // fail while etcd is away, so that callers hear of it
                            .waitForReady(false)
                            .maxInboundMessageSize(Integer.MAX_VALUE);
            if (!config.username().isEmpty()) {
                builder.user(EtcdConnection.bytes(config.username()))
                        .password(EtcdConnection.bytes(config.password()));
            }
            if (endpoints.stream().anyMatch(uri -> "https".equals(uri.getScheme()))) {
                secure(builder, config.tls());
            }
            return builder.build();
        } catch (TlsException e) {
            throw new IOException("no client for " + config + ": " + e.getMessage(), e);
        } catch (SSLException | RuntimeException e) {
            throw new IOException("no client for " + config + ": check its endpoints", e);
        }
    }

    private static void secure(ClientBuilder builder, TlsConfig tls)
            throws TlsException, SSLException {
        TrustManagerFactory trust = tls.trustManagers();
        KeyManagerFactory own = tls.keyManagers();
        builder.sslContext(
                context ->
                        context.trustManager(trust)
                                .keyManager(own)
                                .sslProvider(SslProvider.JDK)
                                .protocols(tls.versions()));
        if (!tls.serverName().isEmpty()) {
            builder.authority(tls.serverName());
        }
    }

    private static URI uri(String endpoint) throws IOException {
        try {
            return URI.create(endpoint.contains("://") ? endpoint : "http://" + endpoint);
        } catch (IllegalArgumentException e) {
            throw new IOException("etcd endpoint '" + endpoint + "' is not host:port or a URL", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
            client = null;
        }
    }
}

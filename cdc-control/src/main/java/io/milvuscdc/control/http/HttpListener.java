// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsException;
import io.milvuscdc.control.config.ListenAddress;
import io.milvuscdc.control.config.TransportSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages on one address. Requests are bounded in size and in time, and no thread waits for one that
 * is still coming in. Where a token is set, requests without it get status 401, but for the pages
 * that are open to all. Pages of other sites can't change anything by a user's browser, and where
 * no token is set pages under a name of another site neither.
 */
public final class HttpListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    private static final String STORE_PASSWORD = "in-memory";
    private static final int MAX_THREADS = 16;
    private static final int MIN_THREADS = 2;
    private static final int MAX_CONNECTIONS = 512;
    private static final int MAX_HEADER_BYTES = 16 << 10;

    private final Map<String, HttpPage> pages = new ConcurrentHashMap<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final String name;
    private final String key;
    private final ListenAddress address;
    private final BearerToken token;
    private final OwnNames names;
    private final int maxBody;
    private final Server server;
    private final ServerConnector connector;

    /**
     * A listener that doesn't listen yet.
     *
     * @param name what it is, for errors
     * @param key the setting that says where it listens, for errors
     */
    public HttpListener(
            String name, String key, ListenAddress address, TransportSettings settings) {
        this(name, key, address, settings, Timeouts.DEFAULT);
    }

    HttpListener(
            String name,
            String key,
            ListenAddress address,
            TransportSettings settings,
            Timeouts timeouts) {
        this.name = name;
        this.key = key;
        this.address = address;
        this.token = new BearerToken(settings.token());
        this.names = new OwnNames(address, settings.hostNames());
        this.maxBody = settings.maxBodyBytes();
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("http");
        this.server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        this.connector = new ServerConnector(server, 1, 1, factories(settings.tls(), http));
        connector.setHost(address.host());
        connector.setPort(address.port());
        connector.setIdleTimeout(timeouts.idle().toMillis());
        connector.addBean(new DribbleGuard(connector.getScheduler(), timeouts.dribble()));
        connector.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
        server.addConnector(connector);
        server.setHandler(new Pages());
    }

    /** With an authority to trust, clients must show a certificate of it. */
    private static ConnectionFactory[] factories(TlsConfig tls, HttpConfiguration http) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        if (!tls.hasCertificate()) {
            return new ConnectionFactory[] {plain};
        }
        SslContextFactory.Server context = new SslContextFactory.Server();
        try {
            // the store is in memory only; Jetty wants it to have a password
            context.setKeyStore(tls.keyStore(STORE_PASSWORD.toCharArray()));
            context.setKeyStorePassword(STORE_PASSWORD);
            context.setTrustStore(tls.trustStore());
        } catch (TlsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        context.setNeedClientAuth(!tls.trusted().isEmpty());
        context.setIncludeProtocols(tls.versions().toArray(new String[0]));
        return new ConnectionFactory[] {
            new SslConnectionFactory(context, plain.getProtocol()), plain
        };
    }

    /**
     * How long clients may take.
     *
     * @param idle without a byte
     * @param dribble a request that isn't complete after four of them is cut off
     */
    record Timeouts(Duration idle, Duration dribble) {

        static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(10));
    }

    /** Adds or replaces a page; also while it listens. */
    public void page(String path, HttpPage page) {
        pages.put(path, page);
    }

    /** Adds a page that needs no token. */
    public void openPage(String path, HttpPage page) {
        open.add(path);
        page(path, page);
    }

    /**
     * Starts to listen.
     *
     * @throws IOException the address can't be listened on
     */
    public void start() throws IOException {
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException(
                    name
                            + " can't listen on "
                            + address
                            + " (set by "
                            + key
                            + "): "
                            + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        }
    }

    /** The port that was really taken. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private final class Pages extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String path = Request.getPathInContext(request);
            HttpPage page = pages.get(path);
            if (!open.contains(path)
                    && !token.admits(request.getHeaders().get(HttpHeader.AUTHORIZATION))) {
                refuse(request, response, callback);
            } else if (BrowserPages.isOfAnotherSite(request)) {
                answer(request, response, callback, OTHER_SITE);
            } else if (!token.isRequired()
                    && BrowserPages.isOwnByNameAlone(request)
                    && !names.has(request.getHeaders().get(HttpHeader.HOST))) {
                answer(request, response, callback, UNKNOWN_NAME);
            } else if (page == null) {
                Response.writeError(request, response, callback, 404);
            } else {
                read(request, response, callback, page);
            }
            return true;
        }

        private void refuse(Request request, Response response, Callback callback) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            answer(request, response, callback, UNAUTHORIZED);
        }

        /** Keeps nothing of the body. */
        private void answer(
                Request request, Response response, Callback callback, HttpAnswer answer) {
            var unused =
                    BodyReader.read(request, 0)
                            .whenComplete((body, failure) -> write(response, answer, callback));
        }

        private void read(Request request, Response response, Callback callback, HttpPage page) {
            var unused =
                    BodyReader.read(request, maxBody)
                            .handleAsync(
                                    (body, failure) -> outcome(page, request, body, failure),
                                    request.getComponents().getExecutor())
                            .whenComplete(
                                    (answer, failure) -> {
                                        if (failure == null) {
                                            write(response, answer, callback);
                                        } else {
                                            LOG.error("{} met a fault of its own", name, failure);
                                            callback.failed(failure);
                                        }
                                    });
        }

        private HttpAnswer outcome(HttpPage page, Request request, byte[] body, Throwable failure) {
            if (failure instanceof BodyReader.TooLongException) {
                return tooLong(page);
            }
            return failure == null ? answer(page, request, body) : page.refuse(400, "it broke off");
        }

        private HttpAnswer answer(HttpPage page, Request request, byte[] body) {
            String query = request.getHttpURI().getQuery();
            try {
                return page.answer(
                        new HttpCall(request.getMethod(), query == null ? "" : query, body));
            } catch (IOException e) {
                return HttpAnswer.text(500, e.getMessage() + "\n");
            }
        }

        private HttpAnswer tooLong(HttpPage page) {
            return page.refuse(413, "it's longer than " + maxBody + " bytes");
        }

        private void write(Response response, HttpAnswer answer, Callback callback) {
            response.setStatus(answer.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
            answer.headers().forEach(response.getHeaders()::put);
            response.write(true, ByteBuffer.wrap(answer.body().getBytes(UTF_8)), callback);
        }
    }

    private static final HttpAnswer UNAUTHORIZED =
            HttpAnswer.json(
                    401,
                    "{\"code\":401,\"message\":\"the request needs the header Authorization: Bearer"
                            + " <token> with the token that security.token sets\"}\n");

    private static final HttpAnswer OTHER_SITE =
            HttpAnswer.json(
                    403,
                    "{\"code\":403,\"message\":\"a browser sent this for a page of another"
                            + " site\"}\n");

    private static final HttpAnswer UNKNOWN_NAME =
            HttpAnswer.json(
                    403,
                    "{\"code\":403,\"message\":\"a browser sent this for a page under a name that"
                            + " isn't known to be this server's: set security.token, or add the name"
                            + " to security.hostNames, or use the server's IP address\"}\n");
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.config.ListenAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** {@code /cdc} and {@code GET /healthz} over HTTP. */
public final class HttpEndpoint implements AutoCloseable {

    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_THREADS = 16;
    private static final int MIN_THREADS = 2;
    private static final long IDLE_MILLIS = 60_000;

    private final Server server;
    private final ServerConnector connector;
    private final ListenAddress address;

    /**
     * Makes an endpoint that doesn't listen yet.
     *
     * @param healthy what {@code /healthz} says
     */
    public HttpEndpoint(ListenAddress address, CdcApi api, BooleanSupplier healthy) {
        this.address = address;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("http");
        this.server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(address.host());
        connector.setPort(address.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setHandler(new Router(api, healthy));
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
                    "the API can't listen on "
                            + address
                            + " (set by address): "
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

    private static final class Router extends Handler.Abstract {

        private final CdcApi api;
        private final BooleanSupplier healthy;

        Router(CdcApi api, BooleanSupplier healthy) {
            this.api = api;
            this.healthy = healthy;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            switch (Request.getPathInContext(request)) {
                case "/cdc" -> write(response, 200, cdc(request), callback);
                case "/healthz" -> {
                    boolean ok = healthy.getAsBoolean();
                    String text = "{\"status\":\"" + (ok ? "ok" : "failed") + "\"}\n";
                    write(
                            response,
                            ok ? 200 : 503,
                            text.getBytes(StandardCharsets.UTF_8),
                            callback);
                }
                default -> Response.writeError(request, response, callback, 404);
            }
            return true;
        }

        private byte[] cdc(Request request) {
            if (!request.getMethod().equals("POST")) {
                return api.wrongMethod();
            }
            try (InputStream in = Content.Source.asInputStream(request)) {
                byte[] body = in.readNBytes(MAX_BODY + 1);
                return body.length > MAX_BODY
                        ? api.unreadable("it's longer than " + MAX_BODY + " bytes")
                        : api.answer(body);
            } catch (IOException e) {
                return api.unreadable(String.valueOf(e.getMessage()));
            }
        }

        private static void write(Response response, int status, byte[] body, Callback callback) {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }
}

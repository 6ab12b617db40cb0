// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvuscdc.control.config.ListenAddress;
import io.milvuscdc.control.config.TransportSettings;
import io.milvuscdc.control.http.HttpAnswer;
import io.milvuscdc.control.http.HttpCall;
import io.milvuscdc.control.http.HttpListener;
import io.milvuscdc.control.http.HttpPage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** {@code /cdc}, {@code GET /healthz} and {@code GET /openapi.yaml} over HTTP. */
public final class HttpEndpoint implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpListener listener;

    /**
     * Makes an endpoint that doesn't listen yet.
     *
     * @param faults what {@code /healthz} says is wrong; nothing is when it's empty
     * @param more adds further pages
     */
    public HttpEndpoint(
            ListenAddress address,
            TransportSettings transport,
            CdcApi api,
            Supplier<List<String>> faults,
            Consumer<HttpListener> more) {
        this.listener = new HttpListener("the API", "address", address, transport);
        listener.page("/cdc", new CdcPage(api));
        // what watches a process has no token, and there's nothing to be learned here
        listener.openPage("/healthz", call -> health(faults.get()));
        listener.openPage("/openapi.yaml", call -> description());
        more.accept(listener);
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

    private static HttpAnswer health(List<String> faults) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("status", faults.isEmpty() ? "ok" : "failed");
        if (!faults.isEmpty()) {
            faults.forEach(answer.putArray("reasons")::add);
        }
        return HttpAnswer.json(
                faults.isEmpty() ? 200 : 503, JSON.writeValueAsString(answer) + "\n");
    }

    private static HttpAnswer description() throws IOException {
        try (InputStream in = HttpEndpoint.class.getResourceAsStream("/openapi.yaml")) {
            return new HttpAnswer(200, "application/yaml", new String(in.readAllBytes(), UTF_8));
        }
    }

    /** Status 200 whatever the outcome, as scripts for the old tool expect; it's in the body. */
    private record CdcPage(CdcApi api) implements HttpPage {

        @Override
        public HttpAnswer answer(HttpCall call) {
            byte[] answer =
                    call.method().equals("POST") ? api.answer(call.body()) : api.wrongMethod();
            return HttpAnswer.json(200, new String(answer, UTF_8));
        }

        @Override
        public HttpAnswer refuse(int status, String why) {
            return HttpAnswer.json(status, new String(api.unreadable(why), UTF_8));
        }
    }
}

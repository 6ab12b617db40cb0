// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.milvuscdc.control.http.HttpAnswer;
import io.milvuscdc.control.http.HttpCall;
import io.milvuscdc.control.http.HttpListener;
import io.milvuscdc.control.http.HttpPage;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * The status page at {@code /} and what it shows, {@code GET /status}. The page itself is the same
 * for everybody and needs no token; it asks for one when {@code /status} wants it.
 */
public final class StatusPages {

    /** Nothing but this server's own files; the page can't be put into another one's frame. */
    static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final StatusReport report;

    /**
     * Pages of the store's tasks.
     *
     * @param flinkUi where Flink's web UI is
     */
    public StatusPages(TaskStore store, TaskWatch watch, URI flinkUi) {
        this.report = new StatusReport(store, watch, flinkUi);
    }

    /** Adds all of them to a listener. */
    public void register(HttpListener listener) {
        registerFiles(listener);
        listener.page("/status", ofGet(call -> status()));
    }

    /** Adds the page without what it shows. */
    public static void registerFiles(HttpListener listener) {
        listener.openPage("/", file("index.html", "text/html"));
        listener.openPage("/status.js", file("status.js", "text/javascript"));
        listener.openPage("/status.css", file("status.css", "text/css"));
    }

    private HttpAnswer status() throws IOException {
        try {
            return HttpAnswer.json(200, JSON.writeValueAsString(report.now()) + "\n")
                    .with(headers("no-store"));
        } catch (StoreException e) {
            return HttpAnswer.json(
                            503,
                            "{\"code\":503,\"message\":\"the task store doesn't answer; see the"
                                    + " server's log\"}\n")
                    .with(headers("no-store"));
        }
    }

    private static HttpPage file(String name, String type) {
        String content = read("/page/" + name);
        HttpAnswer answer =
                new HttpAnswer(200, type + "; charset=utf-8", content).with(headers("no-cache"));
        return ofGet(call -> answer);
    }

    private static HttpPage ofGet(HttpPage page) {
        return call -> isGet(call) ? page.answer(call) : wrongMethod();
    }

    private static boolean isGet(HttpCall call) {
        return call.method().equals("GET") || call.method().equals("HEAD");
    }

    private static HttpAnswer wrongMethod() {
        return HttpAnswer.json(405, "{\"code\":405,\"message\":\"only support the GET method\"}\n")
                .with(Map.of("Allow", "GET, HEAD"));
    }

    private static Map<String, String> headers(String cacheControl) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Content-Security-Policy", POLICY);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cache-Control", cacheControl);
        return headers;
    }

    private static String read(String resource) {
        try (InputStream in = StatusPages.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its file " + resource);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the jar's file " + resource + " can't be read", e);
        }
    }
}

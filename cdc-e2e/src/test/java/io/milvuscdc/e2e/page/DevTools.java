// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** One connection of a browser's DevTools protocol: calls with their answers, and events. */
final class DevTools implements AutoCloseable {

    private static final long BOUND_SECONDS = 120;

    private final ObjectMapper json = new ObjectMapper();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final WebSocket socket;

    /**
     * Connects.
     *
     * @param events gets name and parameters of each event, one at a time, and must not block
     */
    DevTools(URI address, BiConsumer<String, JsonNode> events) throws Exception {
        this.socket =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .connectTimeout(Duration.ofSeconds(BOUND_SECONDS))
                        .buildAsync(address, new Listener(events))
                        .get(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    /** Calls and waits for the result. */
    JsonNode call(String method, ObjectNode parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode message = json.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        socket.sendText(message.toString(), true).get(BOUND_SECONDS, TimeUnit.SECONDS);
        JsonNode told = answer.get(BOUND_SECONDS, TimeUnit.SECONDS);
        if (told.has("error")) {
            throw new IOException(method + " failed in the browser: " + told.path("error"));
        }
        return told.path("result");
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {

        private final BiConsumer<String, JsonNode> events;
        private final StringBuilder text = new StringBuilder();

        Listener(BiConsumer<String, JsonNode> events) {
            this.events = events;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                take(whole);
            }
            from.request(1);
            return null;
        }

        private void take(String whole) {
            try {
                JsonNode message = json.readTree(whole);
                if (message.has("id")) {
                    CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").asInt());
                    if (answer != null) {
                        answer.complete(message);
                    }
                } else {
                    events.accept(message.path("method").asText(), message.path("params"));
                }
            } catch (IOException e) {
                fail(e);
            }
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            fail(new IOException("the browser has closed the connection: " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            fail(error);
        }

        private void fail(Throwable error) {
            waiting.values().forEach(answer -> answer.completeExceptionally(error));
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.cdc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Sends {@code POST /cdc} requests. Thread-safe. */
public final class CdcClient {

    private static final int OK = 200;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI api;
    private final String token;

    public CdcClient(String apiUrl) {
        this(apiUrl, "");
    }

    /**
     * A client of an API that wants a token.
     *
     * @param token empty for none
     */
    public CdcClient(String apiUrl, String token) {
        this.api = URI.create(apiUrl);
        this.token = token;
    }

    /**
     * Creates a task that replicates every collection of every database to a target, and returns
     * its id.
     *
     * @param fromStart whether rows count that were written before ({@code use_start_position})
     */
    public String createForEverything(String targetUri, boolean fromStart) {
        return require("create", everything(targetUri, fromStart))
                .path("data")
                .path("task_id")
                .asText();
    }

    /** What a {@code check} answers of a task that replicates everything to a target. */
    public JsonNode check(String targetUri) {
        return require("check", everything(targetUri, false)).path("data");
    }

    private ObjectNode everything(String targetUri, boolean fromStart) {
        ObjectNode data = json.createObjectNode();
        data.putObject("milvus_connect_param").put("uri", targetUri).put("connect_timeout", 10);
        data.putArray("collection_infos")
                .addObject()
                .put("name", "*")
                .put("use_start_position", fromStart);
        return data;
    }

    /** {@code Initial}, {@code Running} or {@code Paused}. */
    public String state(String taskId) {
        return task(taskId).path("state").asText();
    }

    /** Why a task is paused; empty when it isn't. */
    public String reason(String taskId) {
        return task(taskId).path("reason").asText();
    }

    private JsonNode task(String taskId) {
        return require("get", of(taskId)).path("data").path("task");
    }

    public void pause(String taskId) {
        require("pause", of(taskId));
    }

    public void resume(String taskId) {
        require("resume", of(taskId));
    }

    public void delete(String taskId) {
        require("delete", of(taskId));
    }

    private ObjectNode of(String taskId) {
        return json.createObjectNode().put("task_id", taskId);
    }

    private JsonNode require(String type, ObjectNode data) {
        JsonNode answer = send(type, data);
        if (answer.path("code").asInt() != OK) {
            throw new IllegalStateException(type + " was refused: " + answer);
        }
        return answer;
    }

    /** Sends any request and returns the answer as it is, errors of the API included. */
    public JsonNode send(String type, ObjectNode data) {
        ObjectNode body = json.createObjectNode().put("request_type", type);
        body.set("request_data", data);
        HttpRequest request =
                HttpRequest.newBuilder(api)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofString(body.toString()))
                        .build();
        try {
            return json.readTree(http.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(type + " to " + api + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + type, e);
        }
    }
}

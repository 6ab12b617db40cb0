// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.testutils;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a session cluster's REST API answers, in the form of Flink 1.20: jars, jobs that do nothing,
 * and the faults that a test asks for.
 */
public final class ScriptedFlinkRest implements AutoCloseable {

    private static final Pattern JAR_NAME = Pattern.compile("filename=\"([^\"]+)\"");

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final List<String> jars = new CopyOnWriteArrayList<>();
    private final Map<String, String> jobs = new ConcurrentHashMap<>();
    private final List<JsonNode> runs = new CopyOnWriteArrayList<>();
    private final List<JsonNode> stops = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger life = new AtomicInteger();
    private volatile int taskManagers = 1;
    private volatile boolean takesJars = true;
    private volatile boolean losesAnswers;
    private volatile boolean losesRequests;
    private volatile int statusOfAll;
    private volatile String answerToAll = "";
    private volatile String runError = "";
    private volatile Consumer<JsonNode> duringRun = body -> {};

    /** One that answers on a free port. */
    public ScriptedFlinkRest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How many times a jar was uploaded and is there still. */
    public List<String> jars() {
        return new ArrayList<>(jars);
    }

    /** The bodies of all run requests that came through. */
    public List<JsonNode> runs() {
        return new ArrayList<>(runs);
    }

    /** The bodies of all requests to stop with a savepoint. */
    public List<JsonNode> stops() {
        return new ArrayList<>(stops);
    }

    /** Method and path of every request. */
    public List<String> requests() {
        return new ArrayList<>(requests);
    }

    /** Lets the JobManager be another one, without jobs and jars. */
    public void restart() {
        jobs.clear();
        jars.clear();
        life.incrementAndGet();
    }

    /** Puts a job into a status; null removes it. */
    public void status(String jobId, String status) {
        if (status == null) {
            jobs.remove(jobId);
        } else {
            jobs.put(jobId, status);
        }
    }

    /** What a GET of the path answers. */
    public void answer(String path, String body) {
        answers.put(path, body);
    }

    public void taskManagers(int number) {
        taskManagers = number;
    }

    public void refuseJars() {
        takesJars = false;
    }

    /** Runs what it's asked for and closes the connection without an answer. */
    public void loseAnswers() {
        losesAnswers = true;
    }

    /** Closes the connection without running what it's asked for. */
    public void loseRequests() {
        losesRequests = true;
    }

    /** Answers as something in front of Flink does, whatever it's asked. */
    public void answerAll(int status, String body) {
        answerToAll = body;
        statusOfAll = status;
    }

    /** Answers run requests with an error of the job, until it's empty again. */
    public void failRuns(String stackTrace) {
        runError = stackTrace;
    }

    /** Is called with the body while a run request is carried out. */
    public void duringRun(Consumer<JsonNode> action) {
        duringRun = action;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String request = exchange.getRequestMethod() + " " + path;
        requests.add(request);
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (statusOfAll > 0) {
            send(exchange, statusOfAll, answerToAll);
        } else if (path.startsWith("/jars/") && path.endsWith("/run")) {
            run(exchange, json.readTree(body));
        } else if (path.equals("/jars/upload")) {
            Matcher name = JAR_NAME.matcher(new String(body, StandardCharsets.ISO_8859_1));
            jars.add(name.find() ? name.group(1) : "?");
            send(exchange, 200, "{\"status\":\"success\"}");
        } else if (request.startsWith("PATCH /jobs/")) {
            status(path.split("[/?]", -1)[2], "CANCELED");
            send(exchange, 202, "");
        } else if (request.startsWith("POST /jobs/")) {
            stops.add(json.readTree(body));
            send(exchange, 202, "{\"request-id\":\"r\"}");
        } else {
            get(exchange, path);
        }
    }

    private void run(HttpExchange exchange, JsonNode body) throws IOException {
        String jobId = body.path("jobId").asText();
        if (losesRequests) {
            exchange.close();
        } else if (jobs.containsKey(jobId)) {
            error(
                    exchange,
                    400,
                    "org.apache.flink.runtime.rest.handler.RestHandlerException: Could not execute"
                            + " application.\nCaused by:"
                            + " org.apache.flink.client.program.ProgramInvocationException: The main"
                            + " method caused an error: Failed to execute job\nCaused by:"
                            + " org.apache.flink.runtime.client.DuplicateJobSubmissionException: Job"
                            + " has already been submitted.");
        } else if (!runError.isEmpty()) {
            error(exchange, 400, runError);
        } else {
            runs.add(body);
            duringRun.accept(body);
            jobs.put(jobId, "RUNNING");
            if (losesAnswers) {
                exchange.close();
            } else {
                send(exchange, 200, "{\"jobid\":\"" + jobId + "\"}");
            }
        }
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        Map<String, String> fixed = new TreeMap<>(answers);
        fixed.put(
                "/overview",
                "{\"taskmanagers\":" + taskManagers + ",\"jobs-running\":" + jobs.size() + "}");
        fixed.put(
                "/jobmanager/config",
                "[{\"key\":\"web.tmpdir\",\"value\":\""
                        + "flink-web-"
                        + life.get()
                        + "\"}"
                        + ",{\"key\":\"heartbeat.timeout\",\"value\":\"10000\"}]");
        if (takesJars) {
            fixed.put("/jars", "{\"files\":[" + listedJars() + "]}");
        }
        fixed.put("/jobs", "{\"jobs\":[" + listedJobs() + "]}");
        if (fixed.containsKey(path)) {
            send(exchange, 200, fixed.get(path));
        } else if (path.startsWith("/jobs/")) {
            error(
                    exchange,
                    404,
                    "org.apache.flink.runtime.rest.NotFoundException: Job "
                            + path.split("/", -1)[2]
                            + " not found");
        } else {
            error(exchange, 404, "Not found: " + path);
        }
    }

    private String listedJars() {
        return String.join(
                ",",
                jars.stream()
                        .map(name -> "{\"id\":\"u_" + name + "\",\"name\":\"" + name + "\"}")
                        .toList());
    }

    private String listedJobs() {
        return String.join(
                ",",
                jobs.entrySet().stream()
                        .map(
                                job ->
                                        "{\"id\":\""
                                                + job.getKey()
                                                + "\",\"status\":\""
                                                + job.getValue()
                                                + "\"}")
                        .toList());
    }

    private void error(HttpExchange exchange, int status, String error) throws IOException {
        send(exchange, status, json.writeValueAsString(Map.of("errors", List.of(error))));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.control.rest.FlinkRest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks Flink's REST API for the numbers of a job. Safe for use by several threads. */
final class JobMetrics {

    /**
     * Names go into the address of a request. Flink takes one of 4096 characters; ours have at most
     * 400, of which Milvus allows 255 for a collection's.
     */
    private static final int NAMES_LENGTH = 3_000;

    private final FlinkRest flink;

    JobMetrics(FlinkRest flink) {
        this.flink = flink;
    }

    /** A part of the job, of which every subtask has the same metrics. */
    record Vertex(String path, int subtasks) {}

    /** What the subtasks of a vertex say of one metric. */
    record Spread(double sum, double max) {}

    /** What Flink says of the checkpoints of the job's present run. */
    JsonNode checkpoints(String jobId) throws IOException, InterruptedException {
        return flink.get("/jobs/" + jobId + "/checkpoints");
    }

    /** How often Flink has restarted the job; 0 while it isn't known. */
    long restarts(String jobId) throws IOException, InterruptedException {
        JsonNode found = flink.get("/jobs/" + jobId + "/metrics?get=numRestarts");
        return found.isEmpty() ? 0 : found.get(0).path("value").asLong();
    }

    /** The parts of the job. */
    List<Vertex> vertices(String jobId) throws IOException, InterruptedException {
        List<Vertex> vertices = new ArrayList<>();
        for (JsonNode vertex : flink.get("/jobs/" + jobId).path("vertices")) {
            vertices.add(
                    new Vertex(
                            "/jobs/"
                                    + jobId
                                    + "/vertices/"
                                    + vertex.path("id").asText()
                                    + "/subtasks",
                            vertex.path("parallelism").asInt()));
        }
        return vertices;
    }

    /** The full names of all metrics of a vertex' operators. */
    List<String> names(Vertex vertex) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (JsonNode metric : flink.get(vertex.path() + "/metrics")) {
            names.add(metric.path("id").asText());
        }
        return names;
    }

    /** Numbers by the names that were asked for; without those that no subtask has. */
    Map<String, Spread> numbers(Vertex vertex, List<String> names)
            throws IOException, InterruptedException {
        Map<String, Spread> found = new HashMap<>();
        for (String some : inParts(names)) {
            for (JsonNode metric : flink.get(vertex.path() + "/metrics?agg=sum,max&get=" + some)) {
                found.put(
                        metric.path("id").asText(),
                        new Spread(metric.path("sum").asDouble(), metric.path("max").asDouble()));
            }
        }
        return found;
    }

    /** What one subtask says, as text; without what it hasn't. */
    Map<String, String> texts(Vertex vertex, int subtask, List<String> names)
            throws IOException, InterruptedException {
        Map<String, String> found = new HashMap<>();
        for (String some : inParts(names)) {
            for (JsonNode metric :
                    flink.get(vertex.path() + "/" + subtask + "/metrics?get=" + some)) {
                found.put(metric.path("id").asText(), metric.path("value").asText());
            }
        }
        return found;
    }

    private static List<String> inParts(List<String> names) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (String name : names) {
            if (part.length() + name.length() > NAMES_LENGTH) {
                parts.add(part.toString());
                part.setLength(0);
            }
            part.append(part.isEmpty() ? "" : ",").append(name);
        }
        if (!part.isEmpty()) {
            parts.add(part.toString());
        }
        return parts;
    }
}

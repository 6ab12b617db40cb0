// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What Flink tells about its jobs, of a session cluster or of a control plane. Thread-safe. */
public final class FlinkApi {

    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    /** At the address of Flink's UI. */
    public FlinkApi(String url) {
        this.url = url;
    }

    /** The ids of the jobs that run, those that it's restarting included. */
    public List<String> activeJobs() throws IOException, InterruptedException {
        List<String> active = new ArrayList<>();
        for (JsonNode job : get("/jobs").path("jobs")) {
            if (!ENDED.contains(job.path("status").asText())) {
                active.add(job.path("id").asText());
            }
        }
        return active;
    }

    /**
     * The complete checkpoints of a job since it began, 10,000 at most.
     *
     * @param medianMillis from the trigger to completion
     * @param slowestMillis the longest of these
     * @param largestBytes the most state that one of them wrote
     */
    public record Checkpoints(double medianMillis, double slowestMillis, double largestBytes) {}

    /** How the job's checkpoints went. */
    public Checkpoints checkpoints(String jobId) throws IOException, InterruptedException {
        JsonNode summary = get("/jobs/" + jobId + "/checkpoints").path("summary");
        JsonNode duration = summary.path("end_to_end_duration");
        JsonNode size = summary.path("checkpointed_size");
        return new Checkpoints(
                duration.path("p50").asDouble(),
                duration.path("max").asDouble(),
                size.path("max").asDouble());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(Duration.ofSeconds(2))
                        .build();
        return json.readTree(http.send(request, BodyHandlers.ofString()).body());
    }
}

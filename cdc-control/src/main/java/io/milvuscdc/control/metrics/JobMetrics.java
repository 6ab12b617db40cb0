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
import java.util.function.Predicate;

/** Asks Flink's REST API for the numbers of a job. Safe for use by several threads. */
final class JobMetrics {

    /** Names go into the address of a request, which must not become too long. */
    private static final int NAMES_AT_ONCE = 40;

    private final FlinkRest flink;

    JobMetrics(FlinkRest flink) {
        this.flink = flink;
    }

    /** What Flink says of the checkpoints of the job's present run. */
    JsonNode checkpoints(String jobId) throws IOException, InterruptedException {
        return get("/jobs/" + jobId + "/checkpoints");
    }

    /** How often Flink has restarted the job; 0 while it isn't known. */
    long restarts(String jobId) throws IOException, InterruptedException {
        JsonNode found = get("/jobs/" + jobId + "/metrics?get=numRestarts");
        return found.isEmpty() ? 0 : found.get(0).path("value").asLong();
    }

    /** Every metric of the job's operators that is wanted, by its full name, summed up. */
    Map<String, Double> sums(String jobId, Predicate<String> wanted)
            throws IOException, InterruptedException {
        Map<String, Double> sums = new HashMap<>();
        for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
            String metrics =
                    "/jobs/"
                            + jobId
                            + "/vertices/"
                            + vertex.path("id").asText()
                            + "/subtasks/metrics";
            List<String> names = new ArrayList<>();
            for (JsonNode metric : get(metrics)) {
                String name = metric.path("id").asText();
                if (wanted.test(name)) {
                    names.add(name);
                }
            }
            for (int from = 0; from < names.size(); from += NAMES_AT_ONCE) {
                List<String> some =
                        names.subList(from, Math.min(names.size(), from + NAMES_AT_ONCE));
                for (JsonNode metric : get(metrics + "?agg=sum&get=" + String.join(",", some))) {
                    sums.merge(
                            metric.path("id").asText(), metric.path("sum").asDouble(), Double::sum);
                }
            }
        }
        return sums;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return flink.get(path);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.control.rest.FlinkAnswerException;
import io.milvuscdc.control.rest.FlinkRest;
import java.io.IOException;
import java.util.Set;

/** The jobs of a session cluster, in its own words. Safe for use by several threads. */
final class SessionJobs {

    private static final int NOT_FOUND = 404;
    private static final String LIST = "/jobs";
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED", "");

    private final FlinkRest flink;

    SessionJobs(FlinkRest flink) {
        this.flink = flink;
    }

    /**
     * The job's status; empty when the cluster says that it doesn't know it.
     *
     * @throws IOException it says neither; a job that runs must not be taken for an unknown one
     */
    String status(String jobId) throws IOException, InterruptedException {
        JsonNode jobs = flink.get(LIST).path("jobs");
        if (!jobs.isArray()) {
            throw FlinkAnswerException.without("jobs", "GET " + LIST);
        }
        for (JsonNode job : jobs) {
            if (job.path("id").asText().equals(jobId)) {
                return text(job, "status", LIST);
            }
        }
        // the list leaves out jobs that don't answer Flink itself in time
        String path = LIST + "/" + jobId;
        try {
            return text(flink.get(path), "state", path);
        } catch (FlinkAnswerException e) {
            if (e.status() == NOT_FOUND && e.isFlinks() && e.errors().contains(jobId)) {
                return "";
            }
            throw e;
        }
    }

    private static String text(JsonNode job, String field, String path)
            throws FlinkAnswerException {
        String text = job.path(field).asText();
        if (text.isEmpty()) {
            throw FlinkAnswerException.without(field, "GET " + path);
        }
        return text;
    }

    /** Whether the job has ended, or isn't known. */
    boolean hasEnded(String jobId) throws IOException, InterruptedException {
        return ENDED.contains(status(jobId));
    }
}

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
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED", "");

    private final FlinkRest flink;

    SessionJobs(FlinkRest flink) {
        this.flink = flink;
    }

    /** The job's status; empty when the cluster doesn't know it. */
    String status(String jobId) throws IOException, InterruptedException {
        for (JsonNode job : flink.get("/jobs").path("jobs")) {
            if (job.path("id").asText().equals(jobId)) {
                return job.path("status").asText();
            }
        }
        // the list leaves out jobs that don't answer Flink itself in time
        try {
            return flink.get("/jobs/" + jobId).path("state").asText();
        } catch (FlinkAnswerException e) {
            if (e.status() == NOT_FOUND && e.isFlinks() && e.errors().contains(jobId)) {
                return "";
            }
            throw e;
        }
    }

    /** Whether the job has ended, or isn't known. */
    boolean hasEnded(String jobId) throws IOException, InterruptedException {
        return ENDED.contains(status(jobId));
    }
}

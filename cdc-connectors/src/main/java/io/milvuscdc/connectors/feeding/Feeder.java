// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.UUID;

/**
 * One of those in a job that send something to its target.
 *
 * @param taskId the task; the same in two jobs by hand if somebody says so
 * @param controlPlane what tells the control plane that runs the task from every other one, in
 *     words; empty for a job by {@code flink run}
 * @param jobId Flink's id of the job
 * @param member its name within the job
 */
public record Feeder(String taskId, String controlPlane, String jobId, String member) {

    /**
     * Who has the right to send, as part of a key. All jobs of a control plane's task are one: it
     * never runs two at a time, so that the next one needn't wait until a killed one's right has
     * lapsed. A job by hand is one for itself.
     */
    String owner() {
        if (controlPlane.isEmpty()) {
            return "job-" + jobId;
        }
        UUID plane = UUID.nameUUIDFromBytes(controlPlane.getBytes(UTF_8));
        return "task-" + URLEncoder.encode(taskId, UTF_8) + "-" + plane;
    }

    @Override
    public String toString() {
        return "task "
                + taskId
                + (controlPlane.isEmpty() ? " by flink run" : " of the " + controlPlane)
                + " (Flink job "
                + jobId
                + ", "
                + member
                + ")";
    }
}

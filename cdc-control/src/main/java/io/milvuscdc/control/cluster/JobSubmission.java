// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.job.TaskSpec;
import java.nio.file.Path;

/**
 * A job to start.
 *
 * @param jobId 32 hex digits; used before only if it isn't known whether that job was started
 * @param checkpoints directory under which Flink makes one with the job's id
 * @param restorePath checkpoint or savepoint to start from, empty for none
 */
public record JobSubmission(String jobId, TaskSpec spec, Path checkpoints, String restorePath) {}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.job.TaskSpec;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Adds what a task's job consists of to an environment. */
@FunctionalInterface
public interface JobDefiner {

    void define(StreamExecutionEnvironment environment, TaskSpec spec);
}

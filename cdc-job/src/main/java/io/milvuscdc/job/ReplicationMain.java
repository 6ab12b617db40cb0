// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Starts one task by hand: {@code flink run [-s <savepoint>] cdc-job.jar --task task.yaml}. */
public final class ReplicationMain {

    private ReplicationMain() {}

    public static void main(String[] args) throws Exception {
        Path file = taskFile(args).toAbsolutePath();
        TaskSpec spec = TaskFile.read(file).toSpec(System.getenv(), file.getParent());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        ReplicationJob.define(env, spec);
        env.executeAsync("milvus-cdc " + spec.taskId());
    }

    private static Path taskFile(String[] args) throws IOException {
        if (args.length != 2 || !args[0].equals("--task")) {
            throw new IOException("Usage: flink run [-s <savepoint>] cdc-job.jar --task task.yaml");
        }
        return Path.of(args[1]);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Starts one task: by hand with {@code flink run [-s <savepoint>] cdc-job.jar --task task.yaml}, or
 * from a file that a control plane, or {@code milvus-cdc task-file}, has written.
 */
public final class ReplicationMain {

    private static final String TASK = "--task";

    private ReplicationMain() {}

    public static void main(String[] args) throws Exception {
        TaskSpec spec = task(args, System.getenv());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        ReplicationJob.define(env, spec);
        env.executeAsync("milvus-cdc " + spec.taskId());
    }

    /** The task that the arguments name. */
    static TaskSpec task(String[] args, Map<String, String> environment) throws IOException {
        if (args.length == 2 && args[0].equals(TASK)) {
            Path file = Path.of(args[1]).toAbsolutePath();
            return TaskFile.read(file).toSpec(environment, file.getParent());
        }
        if (args.length == 2 && args[0].equals(HandedOverTask.ARGUMENT)) {
            return HandedOverTask.read(Path.of(args[1]));
        }
        throw new IOException(
                "Usage: flink run [-s <savepoint>] cdc-job.jar --task task.yaml, or "
                        + HandedOverTask.ARGUMENT
                        + " <file of milvus-cdc task-file>");
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Starts one task: by hand with {@code flink run [-s <savepoint>] cdc-job.jar --task task.yaml}, or
 * from a file that a control plane, or {@code milvus-cdc task-file}, has written.
 */
public final class ReplicationMain {

    private static final String TASK = "--task";

    private ReplicationMain() {}

    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        boolean goesOn =
                env.getConfiguration().getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent();
        TaskSpec spec = task(args, System.getenv(), goesOn);
        ReplicationJob.define(env, spec);
        env.executeAsync("milvus-cdc " + spec.taskId());
    }

    /**
     * The task that the arguments name.
     *
     * @param goesOn whether the job goes on from a savepoint or checkpoint. What a task file gives
     *     is made anew, then, while the start of a task that was handed over is its first
     */
    static TaskSpec task(String[] args, Map<String, String> environment, boolean goesOn)
            throws IOException {
        if (args.length == 2 && args[0].equals(TASK)) {
            Path file = Path.of(args[1]).toAbsolutePath();
            TaskSpec spec = TaskFile.read(file).toSpec(environment, file.getParent());
            return goesOn ? spec.replanned() : spec;
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

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.Tasks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Changes tasks in a process whose files may not grow beyond a few KB: the system refuses a write
 * in its middle, as it does on a full disk.
 */
final class FullStore {

    private static final String LIMIT = "ulimit -f 8; exec \"$@\"";

    private FullStore() {}

    /** Runs it over a directory that holds a task t1; gives what it said. */
    static String outputOf(Path directory) throws Exception {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        "sh",
                                        "-c",
                                        LIMIT,
                                        "sh",
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:-UsePerfData",
                                        "-XX:TieredStopAtLevel=1",
                                        "-Xmx64m",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        FullStore.class.getName(),
                                        directory.toString()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit code, after: %s", output).isZero();
        return output;
    }

    public static void main(String[] args) throws Exception {
        String large = "x".repeat(20_000);
        try (RecordTaskStore store = TaskStores.inFiles(Path.of(args[0]))) {
            try {
                store.update("t1", task -> task.wanted(DesiredState.PAUSED, large));
            } catch (StoreException e) {
                System.out.println(e.getMessage());
            }
            try {
                Task task = Tasks.running("t2").wanted(DesiredState.PAUSED, large);
                store.create(task);
            } catch (StoreException e) {
                System.out.println(e.getMessage());
            }
            // a change that fits is taken nevertheless
            store.update("t1", task -> task.wanted(DesiredState.PAUSED, "short"));
            store.update("t1", task -> task.wanted(DesiredState.RUNNING, ""));
            System.out.println(store.list().stream().map(Task::id).toList());
        }
    }
}

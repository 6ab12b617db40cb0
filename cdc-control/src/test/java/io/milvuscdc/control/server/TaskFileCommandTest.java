// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.store.RecordTaskStore;
import io.milvuscdc.control.store.TaskStores;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.Configs;
import io.milvuscdc.control.testutils.Tasks;
import io.milvuscdc.control.testutils.WrittenCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a store that a control plane has. */
final class TaskFileCommandTest {

    private static final JobRun RUN =
            JobRun.starting("0123456789abcdef0123456789abcdef", "").withOwnCheckpoint();

    @TempDir private Path directory;

    private ControlConfig config;
    private RecordTaskStore store;
    private Path output;

    @BeforeEach
    void openStore() throws Exception {
        config = Configs.below(directory, 10);
        store = TaskStores.inFiles(config.store().directory());
        output = directory.resolve("task of mine");
        Files.writeString(config.flink().jobJar(), "");
    }

    @AfterEach
    void closeStore() throws Exception {
        store.close();
    }

    @Test
    void aPausedTaskIsWrittenForItsOwnerAloneAndTheCommandGoesOnFromItsNewestCheckpoint()
            throws Exception {
        store.create(paused().with(RUN.ended()));
        Path checkpoint =
                WrittenCheckpoint.write(
                        config.flink().dataDirectory(),
                        "t1",
                        RUN,
                        WrittenCheckpoint.coordinator(5));
        assertThat(run("t1"))
                .isEqualTo(
                        "flink run -d -s "
                                + "file:"
                                + checkpoint
                                + " "
                                + config.flink().jobJar()
                                + " --handed-over-task '"
                                + output
                                + "'");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-------");
        assertThat(store.find("t1")).contains(paused().with(RUN.ended()));
    }

    @Test
    void aTaskThatHasNeverRunStartsWhereItBegins() throws Exception {
        store.create(paused());
        assertThat(run("t1")).startsWith("flink run -d " + config.flink().jobJar());
    }

    @Test
    void aFileThatExistsIsLeftAlone() throws Exception {
        store.create(paused());
        Files.writeString(output, "mine");
        assertThatThrownBy(() -> run("t1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exists already");
        assertThat(output).hasContent("mine");
    }

    @Test
    void aTaskWhoseJobRunsOrMayRunIsRefused() throws Exception {
        store.create(Tasks.running("t1").with(RUN));
        refuses("t1", "task t1 is Running", "pause it first");
        store.update("t1", task -> task.wanted(DesiredState.PAUSED, ""));
        refuses("t1", "its job may not have ended yet");
        store.update("t1", task -> task.wanted(DesiredState.DELETED, ""));
        refuses("t1", "there's no task t1 in files in");
        refuses("../t1", "there's no task ../t1");
    }

    @Test
    void aTaskWhoseCheckpointsAreLostIsRefused() throws Exception {
        store.create(paused().with(RUN.ended()));
        refuses("t1", "task t1 needs a checkpoint or savepoint to go on from");
    }

    @Test
    void aJarThatIsNotThereIsNamedWithItsSetting() throws Exception {
        store.create(paused());
        Files.delete(config.flink().jobJar());
        refuses("t1", config.flink().jobJar().toString(), "set flink.jobJar");
    }

    @Test
    void aPlaceThatCantBeWrittenIsNamed() throws Exception {
        store.create(paused());
        output = directory.resolve("nowhere/task");
        refuses("t1", "there's no directory for " + output);
    }

    private void refuses(String taskId, String... why) {
        assertThatThrownBy(() -> run(taskId)).hasMessageContainingAll(why);
        assertThat(output).doesNotExist();
    }

    private String run(String taskId) throws Exception {
        return TaskFileCommand.run(config, taskId, output);
    }

    private static Task paused() {
        return Tasks.running("t1").wanted(DesiredState.PAUSED, Task.PAUSED_BY_REQUEST);
    }
}

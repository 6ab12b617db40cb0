// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks on disk. */
final class FileTaskStoreTest {

    private static final Path FIXTURE = Path.of("src/test/resources/store/v1.json");
    private static final Task TASK = task("t1");

    @TempDir private Path directory;

    @Test
    void keepsTasksOverARestartInTheOrderOfTheirIds() throws Exception {
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            store.create(task("t2"));
            store.create(task("t1"));
            store.create(task("t3"));
            store.delete("t3");
            store.delete("never-was");
        }
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            assertThat(store.list()).containsExactly(task("t1"), task("t2"));
            assertThat(store.find("t2")).contains(task("t2"));
            assertThat(store.find("t3")).isEmpty();
        }
    }

    @Test
    void keepsEveryFieldOfATask() throws Exception {
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            store.create(TASK);
        }
        Files.copy(
                directory.resolve("t1.json"),
                directory.resolve("copy"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.readString(directory.resolve("copy")))
                .isEqualTo(Files.readString(FIXTURE).stripTrailing());
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            assertThat(store.find("t1")).contains(TASK);
        }
    }

    @Test
    void readsWhatVersionOneWrote() throws Exception {
        Files.copy(FIXTURE, directory.resolve("t1.json"));
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            assertThat(store.list()).containsExactly(TASK);
        }
    }

    @Test
    void changesATaskAndTellsWhatItIsThen() throws Exception {
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            store.create(TASK);
            assertThat(store.update("t1", task -> task.wanted(DesiredState.DELETED, "")))
                    .contains(TASK.wanted(DesiredState.DELETED, ""));
            assertThat(store.update("none", task -> task)).isEmpty();
        }
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            assertThat(store.find("t1").orElseThrow().desired()).isEqualTo(DesiredState.DELETED);
        }
    }

    @Test
    void aChangeThatThrowsLeavesTheTask() throws Exception {
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            store.create(TASK);
            assertThatThrownBy(
                            () ->
                                    store.update(
                                            "t1",
                                            task -> {
                                                throw new IllegalStateException("no");
                                            }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(store.find("t1")).contains(TASK);
        }
    }

    @Test
    void aHaltBeforeTheRenameLeavesTheOldTask() throws Exception {
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            store.create(TASK);
        }
        Files.writeString(directory.resolve("t1.tmp"), "{ \"TaskID\" : \"t1\", \"Milv");
        Files.writeString(directory.resolve("t2.tmp"), "");
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            assertThat(store.list()).containsExactly(TASK);
            assertThat(directory.resolve("t1.tmp")).doesNotExist();
            assertThat(directory.resolve("t2.tmp")).doesNotExist();
        }
    }

    @Test
    void aDirectoryInUseIsRefusedInWords() throws Exception {
        FileTaskStore first = FileTaskStore.open(directory);
        assertThatThrownBy(() -> FileTaskStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("another control plane uses the directory " + directory);
        first.close();
        FileTaskStore.open(directory).close();
    }

    @Test
    void aDamagedFileIsToldByItsNameAndRepeatsNothing() throws Exception {
        Files.writeString(directory.resolve("t1.json"), "{\"token\": root:Milvus}");
        assertThatThrownBy(() -> FileTaskStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("t1.json")
                .hasMessageContaining("it isn't JSON")
                .hasMessageNotContaining("Milvus}");
        // and the lock is free again
        Files.delete(directory.resolve("t1.json"));
        FileTaskStore.open(directory).close();
    }

    @Test
    void aFileOfANewerVersionIsRefused() throws Exception {
        damage("\"version\" : 1", "\"version\" : 2", "it has version 2");
    }

    @Test
    void aFileWithAFieldOfTheWrongKindIsRefused() throws Exception {
        damage("\"checkpointed\" : true", "\"checkpointed\" : []", "its field Flink.checkpointed");
    }

    @Test
    void aFileUnderAnotherNameIsRefused() throws Exception {
        damage("\"TaskID\" : \"t1\"", "\"TaskID\" : \"t9\"", "it holds another task, t9");
    }

    @Test
    void anUnknownStateIsRefused() throws Exception {
        damage("\"State\" : 2", "\"State\" : 5", "it holds half a task");
    }

    private void damage(String from, String to, String message) throws IOException {
        String good = Files.readString(FIXTURE);
        assertThat(good).contains(from);
        Files.writeString(directory.resolve("t1.json"), good.replace(from, to));
        assertThatThrownBy(() -> FileTaskStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(message);
    }

    @Test
    void onlyTheOwnerCanReadAFile() throws Exception {
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            store.create(TASK);
        }
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("t1.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesAnIdTwiceAndIdsThatLeaveTheDirectory() throws Exception {
        try (FileTaskStore store = FileTaskStore.open(directory)) {
            store.create(TASK);
            assertThatThrownBy(() -> store.create(TASK)).hasMessageContaining("t1 already");
            assertThatThrownBy(() -> store.create(task("../x"))).hasMessageContaining("a task id");
            assertThat(store.list()).containsExactly(TASK);
        }
    }

    private static Task task(String id) {
        return new Task(
                id,
                new MilvusConnectParam(
                        "h",
                        19530,
                        true,
                        "u",
                        "p",
                        "http://h:19530",
                        "root:Milvus",
                        Map.of("k", "v"),
                        2,
                        true,
                        7),
                List.of(new CollectionInfo("*", null, true)),
                DesiredState.PAUSED,
                "because",
                Map.of("by-dev-rootcoord-dml_0", 5L, "by-dev-rootcoord-dml_1", 6L),
                Optional.of(
                        new JobRun("0123456789abcdef0123456789abcdef", "/data/chk-7", true, true)));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.connectors.sink.TickMark;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.task.BufferConfig;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DatabaseMapping;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.KafkaConnectParam;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.RpcChannelInfo;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.control.testutils.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks on disk. */
final class FileTaskStoreTest {

    private static final Path FIXTURES = Path.of("src/test/resources/store");
    private static final Path FIXTURE = FIXTURES.resolve("v4.json");
    private static final MilvusConnectParam MILVUS =
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
                    7);
    private static final Map<Long, Map<String, Long>> DONE =
            Map.of(444L, Map.of("by-dev-rootcoord-dml_0", 446_000_000_000_000_000L));
    private static final LastPosition LAST =
            new LastPosition(
                    1_700_000_000_000L,
                    new CommittedPositions.Summary(
                            446_000_000_000_000_000L,
                            1_699_999_999_999L,
                            Map.of(
                                    "by-dev-rootcoord-dml_0",
                                    new TickMark(
                                            445_999_999_999_999_999L,
                                            MqPosition.ofKafkaOffset(12))),
                            Map.of("t-dml_0", "AQAAAAAAAAA=")));
    private static final Task TASK = task("t1");

    @TempDir private Path directory;

    @Test
    void keepsTasksOverARestartInTheOrderOfTheirIds() throws Exception {
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            store.create(task("t2"));
            store.create(task("t1"));
            store.create(task("t3"));
            store.delete("t3");
            store.delete("never-was");
        }
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.list()).containsExactly(task("t1"), task("t2"));
            assertThat(store.find("t2")).contains(task("t2"));
            assertThat(store.find("t3")).isEmpty();
        }
    }

    @Test
    void aDirectoryThatWasMovedAwayOrReplacedIsFoundOut() throws Exception {
        Path tasks = directory.resolve("tasks");
        FileRecords records = FileRecords.open(tasks);
        records.probe();
        Path moved = directory.resolve("moved");
        Files.move(tasks, moved);
        assertThatThrownBy(records::probe)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(tasks.toString());
        FileRecords.open(tasks).close();
        assertThatThrownBy(records::probe)
                .hasMessageContaining("no longer the one that this process began with");
        Files.delete(tasks.resolve(".lock"));
        Files.delete(tasks);
        Files.move(moved, tasks);
        records.probe();
        records.close();
    }

    @Test
    void keepsEveryFieldOfATask() throws Exception {
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            store.create(TASK);
        }
        Files.copy(
                directory.resolve("t1.json"),
                directory.resolve("copy"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.readString(directory.resolve("copy")))
                .isEqualTo(Files.readString(FIXTURE).stripTrailing());
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.find("t1")).contains(TASK);
        }
    }

    @Test
    void readsWhatVersionOneWrote() throws Exception {
        Files.copy(FIXTURES.resolve("v1.json"), directory.resolve("t1.json"));
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.list()).containsExactly(earlyTask());
        }
    }

    @Test
    void readsWhatVersionTwoWrote() throws Exception {
        Files.copy(FIXTURES.resolve("v2.json"), directory.resolve("t1.json"));
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.list()).containsExactly(task("t1", Map.of()));
        }
    }

    @Test
    void readsWhatVersionThreeWrote() throws Exception {
        Files.copy(FIXTURES.resolve("v3.json"), directory.resolve("t1.json"));
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.list()).containsExactly(task("t1", DONE));
        }
    }

    @Test
    void aFileThatCannotBeWrittenWholeIsToldAndLeavesEverythingAsItWas() throws Exception {
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            store.create(Tasks.running("t1"));
        }
        String before = Files.readString(directory.resolve("t1.json"));
        assertThat(FullStore.outputOf(directory))
                .startsWith("can't write the task file " + directory.resolve("t1.json") + ": ")
                .contains("can't write the task file " + directory.resolve("t2.json") + ": ")
                .endsWith("[t1]\n");
        assertThat(Files.readString(directory.resolve("t1.json"))).isEqualTo(before);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("t1.json", ".lock");
        }
    }

    @Test
    void changesATaskAndTellsWhatItIsThen() throws Exception {
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            store.create(TASK);
            assertThat(store.update("t1", task -> task.wanted(DesiredState.DELETED, "")))
                    .contains(TASK.wanted(DesiredState.DELETED, ""));
            assertThat(store.update("none", task -> task)).isEmpty();
        }
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.find("t1").orElseThrow().desired()).isEqualTo(DesiredState.DELETED);
        }
    }

    @Test
    void aChangeThatThrowsLeavesTheTask() throws Exception {
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
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
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            store.create(TASK);
        }
        Files.writeString(directory.resolve("t1.tmp"), "{ \"TaskID\" : \"t1\", \"Milv");
        Files.writeString(directory.resolve("t2.tmp"), "");
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.list()).containsExactly(TASK);
            assertThat(directory.resolve("t1.tmp")).doesNotExist();
            assertThat(directory.resolve("t2.tmp")).doesNotExist();
        }
    }

    @Test
    void aDirectoryInUseIsRefusedInWords() throws Exception {
        RecordTaskStore first = TaskStores.inFiles(directory);
        assertThatThrownBy(() -> TaskStores.inFiles(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("another control plane uses the directory " + directory);
        first.close();
        TaskStores.inFiles(directory).close();
    }

    @Test
    void aDamagedFileIsToldByItsNameAndLeftAloneAndTheOthersAreUsed() throws Exception {
        Files.copy(FIXTURE, directory.resolve("t1.json"));
        Files.writeString(directory.resolve("t0.json"), "{\"token\": root:Milvus}");
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.problems())
                    .singleElement()
                    .asString()
                    .contains(directory.resolve("t0.json").toString(), "it isn't JSON")
                    .doesNotContain("Milvus}");
            assertThat(store.list()).containsExactly(TASK);
            assertThatThrownBy(() -> store.create(task("t0"))).hasMessageContaining("t0 already");
        }
        assertThat(directory.resolve("t0.json")).hasContent("{\"token\": root:Milvus}");
    }

    @Test
    void aFileOfANewerVersionIsRefused() throws Exception {
        String newer = Files.readString(FIXTURE).replace("\"version\" : 4", "\"version\" : 5");
        Files.writeString(directory.resolve("t1.json"), newer);
        assertThatThrownBy(() -> TaskStores.inFiles(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("t1.json has version 5, this program reads");
        // and the lock is free again
        Files.delete(directory.resolve("t1.json"));
        TaskStores.inFiles(directory).close();
    }

    @Test
    void aFileWithAFieldOfTheWrongKindIsLeftAlone() throws Exception {
        damage("\"checkpointed\" : true", "\"checkpointed\" : []", "its field Flink.checkpointed");
    }

    @Test
    void aFileUnderAnotherNameIsLeftAlone() throws Exception {
        damage("\"TaskID\" : \"t1\"", "\"TaskID\" : \"t9\"", "it holds another task, t9");
    }

    @Test
    void aFileWithoutAStartIsLeftAlone() throws Exception {
        damage("\"start\" :", "\"start_offsets\" :", "its field Flink.start_offsets");
        damage("\"TaskID\" : \"t1\"", "\"TaskID\" : null", "it holds half a task");
    }

    @Test
    void anUnknownStateIsLeftAlone() throws Exception {
        damage("\"State\" : 2", "\"State\" : 5", "it holds half a task");
    }

    private void damage(String from, String to, String message) throws Exception {
        String good = Files.readString(FIXTURE);
        assertThat(good).contains(from);
        Files.writeString(directory.resolve("t1.json"), good.replace(from, to));
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            assertThat(store.problems()).singleElement().asString().contains("t1.json", message);
            assertThat(store.list()).isEmpty();
        }
    }

    @Test
    void onlyTheOwnerCanReadAFile() throws Exception {
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            store.create(TASK);
        }
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("t1.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesAnIdTwiceAndIdsThatLeaveTheDirectory() throws Exception {
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            store.create(TASK);
            assertThatThrownBy(() -> store.create(TASK)).hasMessageContaining("t1 already");
            assertThatThrownBy(() -> store.create(task("../x"))).hasMessageContaining("a task id");
            assertThat(store.list()).containsExactly(TASK);
        }
    }

    private static Task task(String id) {
        return task(id, DONE).with(LAST);
    }

    private static Task task(String id, Map<Long, Map<String, Long>> done) {
        return task(
                id,
                new TaskDefinition(
                        MILVUS,
                        new KafkaConnectParam(
                                "k:9092",
                                "t",
                                true,
                                new KafkaConnectParam.Sasl("ku", "kp", "PLAIN", "SASL_SSL")),
                        new BufferConfig(1, 2),
                        List.of(
                                new CollectionInfo("*", null, true),
                                new CollectionInfo("c", Map.of("ch_0_444v0", "AAAA"), false)),
                        Map.of("db", List.of(new CollectionInfo("d", null, false))),
                        List.of("default.x", "db.*"),
                        List.of(
                                new DatabaseMapping("db", "db2", Map.of("d", "e")),
                                new DatabaseMapping("default", "other", null)),
                        new RpcChannelInfo("by-dev-replicate-msg", "BBBB"),
                        true,
                        true),
                new StartPoint(
                        Map.of(
                                "by-dev-rootcoord-dml_0",
                                new MqPosition(0, 5),
                                "by-dev-rootcoord-dml_1",
                                new MqPosition(7, 6)),
                        Map.of(444L, Map.of("by-dev-rootcoord-dml_0", MqPosition.ofKafkaOffset(9))),
                        done));
    }

    /** What version 1 could say: every collection of every database. */
    private static Task earlyTask() {
        return task(
                "t1",
                TaskDefinition.of(MILVUS, List.of(new CollectionInfo("*", null, true))),
                StartPoint.ofKafkaOffsets(
                        Map.of("by-dev-rootcoord-dml_0", 5L, "by-dev-rootcoord-dml_1", 6L)));
    }

    private static Task task(String id, TaskDefinition definition, StartPoint start) {
        return new Task(
                id,
                definition,
                DesiredState.PAUSED,
                "because",
                start,
                Optional.of(
                        new JobRun("0123456789abcdef0123456789abcdef", "/data/chk-7", true, true)));
    }
}

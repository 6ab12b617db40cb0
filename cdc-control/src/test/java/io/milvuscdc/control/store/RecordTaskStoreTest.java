// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.control.store.ScriptedRecords.Fault;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.control.testutils.Await;
import io.milvuscdc.control.testutils.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tasks over a backend that fails, or that others write to. */
final class RecordTaskStoreTest {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OTHER_KEY = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final Task TASK = Tasks.running("t1");

    private final ScriptedRecords records = new ScriptedRecords();

    @Test
    void aWriteThatWasLostIsDoneAgain() throws Exception {
        RecordTaskStore store = open();
        records.faults.add(Fault.LOST_BEFORE);
        store.create(TASK);
        records.faults.addAll(List.of(Fault.LOST_BEFORE, Fault.LOST_BEFORE));
        store.update("t1", RecordTaskStoreTest::paused);
        assertThat(open().list()).containsExactly(paused(TASK)).isEqualTo(store.list());
    }

    @Test
    void aWriteOfWhichOnlyTheAnswerWasLostIsNotTakenForSomebodyElses() throws Exception {
        RecordTaskStore store = open();
        records.faults.add(Fault.LOST_AFTER);
        store.create(TASK);
        records.faults.add(Fault.LOST_AFTER);
        assertThat(store.update("t1", RecordTaskStoreTest::paused)).contains(paused(TASK));
        records.faults.add(Fault.LOST_AFTER);
        store.delete("t1");
        assertThat(store.list()).isEmpty();
        assertThat(open().list()).isEmpty();
    }

    @Test
    void aWriteThatIsDoneBetweenTheLookForItAndTheNextTryIsNotTakenForSomebodyElses()
            throws Exception {
        RecordTaskStore store = open();
        records.faults.add(Fault.LOST_AND_LATE);
        store.create(TASK);
        assertThat(store.list()).containsExactly(TASK).isEqualTo(open().list());
    }

    @Test
    void aWriteThatIsRefusedChangesNothing() throws Exception {
        RecordTaskStore store = open();
        store.create(TASK);
        records.faults.add(Fault.REFUSED);
        assertThatThrownBy(() -> store.update("t1", RecordTaskStoreTest::paused))
                .hasMessageContaining("refused");
        assertThat(store.list()).containsExactly(TASK);
    }

    @Test
    void whatBecameOfAFailedWriteIsFoundOutBeforeTheNextOne() throws Exception {
        RecordTaskStore store = open();
        records.faults.add(Fault.REFUSED);
        assertThatThrownBy(() -> store.create(TASK)).hasMessageContaining("refused");
        // it was done in the end, by a request that had been under way
        ScriptedRecords other = new ScriptedRecords();
        RecordTaskStore.open(other, SecretCipher.NONE).create(TASK);
        records.put("t1", other.values.get("t1").json());
        store.create(Tasks.running("t2"));
        assertThat(store.list())
                .containsExactly(TASK.wanted(DesiredState.DELETED, ""), Tasks.running("t2"))
                .isEqualTo(open().list());
    }

    @Test
    void aLookForAFailedWriteIsTriedAgainAsAWriteIs() throws Exception {
        RecordTaskStore store = open();
        store.create(TASK);
        failToPause(store);
        records.readFaults.addAll(List.of(Fault.LOST_BEFORE, Fault.LOST_BEFORE));
        store.create(Tasks.running("t2"));
        assertThat(store.list()).containsExactly(TASK, Tasks.running("t2"));
    }

    @Test
    void whatSomebodyElseStoredUnderTheIdOfAFailedCreateIsKept() throws Exception {
        RecordTaskStore store = open();
        records.faults.add(Fault.REFUSED);
        assertThatThrownBy(() -> store.create(TASK)).hasMessageContaining("refused");
        ScriptedRecords other = new ScriptedRecords();
        RecordTaskStore.open(other, SecretCipher.NONE).create(paused(TASK));
        records.put("t1", other.values.get("t1").json());
        store.create(Tasks.running("t2"));
        assertThat(store.list()).containsExactly(paused(TASK), Tasks.running("t2"));
    }

    @Test
    void aTaskThatSomebodyElseHasChangedIsReadAgainAndThenChanged() throws Exception {
        RecordTaskStore store = open();
        store.create(TASK);
        open().update("t1", task -> task.wanted(DesiredState.RUNNING, "changed"));
        store.update("t1", task -> task.wanted(DesiredState.PAUSED, task.reason() + " twice"));
        assertThat(store.find("t1").orElseThrow().reason()).isEqualTo("changed twice");
    }

    @Test
    void aTaskThatSomebodyElseHasRemovedIsGone() throws Exception {
        RecordTaskStore store = open();
        store.create(TASK);
        records.values.clear();
        assertThat(store.update("t1", RecordTaskStoreTest::paused)).isEmpty();
        assertThat(store.list()).isEmpty();
    }

    @Test
    void whatTheGoToolWritesOverATaskIsReplaced() throws Exception {
        RecordTaskStore store = open();
        store.create(TASK);
        records.put(
                "t1", "{\"TaskID\": \"t1\", \"MilvusConnectParam\": {\"uri\": \"http://h:1\"}}");
        store.update("t1", RecordTaskStoreTest::paused);
        assertThat(open().list()).containsExactly(paused(TASK));
    }

    @Test
    void whatTheGoToolWritesOverATaskWhoseChangeFailedIsReplaced() throws Exception {
        RecordTaskStore store = open();
        Task ran = TASK.with(JobRun.starting("0123456789abcdef0123456789abcdef", ""));
        store.create(ran);
        failToPause(store);
        records.put("t1", goTask("t1"));
        store.create(Tasks.running("t2"));
        assertThat(store.find("t1")).contains(ran);
        store.update("t1", RecordTaskStoreTest::paused);
        assertThat(open().find("t1")).contains(paused(ran));
    }

    @Test
    void whatTheGoToolStoredUnderTheIdOfAFailedCreateIsLeftAlone() throws Exception {
        RecordTaskStore store = open();
        records.faults.add(Fault.REFUSED);
        assertThatThrownBy(() -> store.create(TASK)).hasMessageContaining("refused");
        records.put("t1", goTask("t1"));
        store.create(Tasks.running("t2"));
        assertThat(store.list()).containsExactly(Tasks.running("t2"));
        assertThat(open().goTasks()).hasSize(1);
    }

    @Test
    void whatANewerProgramWroteOverATaskIsKeptAndOtherTasksCanBeChanged() throws Exception {
        RecordTaskStore store = open();
        store.create(TASK);
        failToPause(store);
        String newer =
                records.values
                        .get("t1")
                        .json()
                        .replaceFirst("\"version\" : \\d+", "\"version\" : 1000");
        records.put("t1", newer);
        store.create(Tasks.running("t2"));
        assertThatThrownBy(() -> store.update("t1", RecordTaskStoreTest::paused))
                .hasMessageContaining("has version 1000");
        assertThat(records.values.get("t1").json()).isEqualTo(newer);
    }

    @Test
    void aTaskOfAnEarlyGoToolIsFoundWithoutTheFieldsThatCameLater() throws Exception {
        records.put(
                "t1",
                """
                {"TaskID": "t1", "State": 1, "MilvusConnectParam": {"host": "h", "port": 19530,
                 "enable_tls": false, "connect_timeout": 10},
                 "CollectionInfos":[{"name":"*","positions":{}}]}
                """);
        RecordTaskStore store = open();
        assertThat(store.problems()).isEmpty();
        Task found = store.goTasks().get(0).task();
        assertThat(found.definition().milvus().address()).isEqualTo("http://h:19530");
        assertThat(found.definition().dbCollections())
                .containsEntry(
                        TaskDefinition.DEFAULT_DATABASE,
                        List.of(new CollectionInfo("*", Map.of(), false)));
    }

    @Test
    void aGoTaskWhoseIdWouldLeadOutOfADirectoryIsLeftAlone() throws Exception {
        records.put(
                "..", "{\"TaskID\": \"..\", \"MilvusConnectParam\": {\"uri\": \"http://h:1\"}}");
        RecordTaskStore store = open();
        assertThat(store.goTasks()).isEmpty();
        assertThat(store.problems()).hasSize(1);
        assertThat(store.problems().get(0)).contains("can't be the name of a directory");
    }

    @Test
    void aBackendThatIsAwayCantBeReachedAlthoughTasksAreKnown() throws Exception {
        StoreProbe probe =
                new StoreProbe(records::probe, Duration.ofMillis(10), Duration.ofMillis(100));
        try (RecordTaskStore store = RecordTaskStore.open(records, SecretCipher.NONE, probe)) {
            store.create(TASK);
            assertThat(store.isReachable()).isTrue();
            records.away = true;
            Await.until("it can't be reached", () -> !store.isReachable());
            assertThat(store.list()).containsExactly(TASK);
            records.away = false;
            Await.until("it can be reached again", store::isReachable);
        }
    }

    @Test
    void secretsAreOnlyStoredEncryptedWhenThereIsAKey() throws Exception {
        RecordTaskStore store = RecordTaskStore.open(records, SecretCipher.ofKey(KEY));
        store.create(withSecrets());
        assertThat(records.values.get("t1").json())
                .contains("enc:v1:")
                .doesNotContain("p4ss")
                .doesNotContain("t0ken");
        assertThat(RecordTaskStore.open(records, SecretCipher.ofKey(KEY)).list())
                .containsExactly(withSecrets());
    }

    @Test
    void clearSecretsOfEarlierAreEncryptedAtTheStart() throws Exception {
        open().create(withSecrets());
        assertThat(records.values.get("t1").json()).contains("p4ss", "t0ken");
        RecordTaskStore.open(records, SecretCipher.ofKey(KEY));
        assertThat(records.values.get("t1").json()).doesNotContain("p4ss").doesNotContain("t0ken");
    }

    @Test
    void aKeyThatIsReplacedReadsOnceMoreAndIsOfNoUseAfterThat() throws Exception {
        RecordTaskStore.open(records, SecretCipher.ofKey(KEY)).create(withSecrets());
        assertThat(RecordTaskStore.open(records, SecretCipher.ofKey(OTHER_KEY + "," + KEY)).list())
                .containsExactly(withSecrets());
        assertThat(RecordTaskStore.open(records, SecretCipher.ofKey(OTHER_KEY)).list())
                .containsExactly(withSecrets());
        assertThatThrownBy(() -> RecordTaskStore.open(records, SecretCipher.ofKey(KEY)))
                .hasMessageContaining("another key");
    }

    @Test
    void aMissingOrWrongKeyIsToldWithTheTaskAndLosesNothing() throws Exception {
        RecordTaskStore.open(records, SecretCipher.ofKey(KEY)).create(withSecrets());
        Map<String, StoredRecord> before = Map.copyOf(records.values);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the task t1 can't be used")
                .hasMessageContaining("MilvusConnectParam.password")
                .hasMessageContaining("there's no key")
                .hasMessageContaining("MILVUS_CDC_SECRET_KEY");
        assertThatThrownBy(() -> RecordTaskStore.open(records, SecretCipher.ofKey(OTHER_KEY)))
                .hasMessageContaining("the task t1 can't be used")
                .hasMessageContaining("another key");
        assertThat(records.values).isEqualTo(before);
    }

    @Test
    void anEncryptedSecretIsOfNoUseInAnotherTask() throws Exception {
        RecordTaskStore store = RecordTaskStore.open(records, SecretCipher.ofKey(KEY));
        store.create(withSecrets());
        String stolen = records.values.get("t1").json().replace("\"t1\"", "\"t2\"");
        records.put("t2", stolen);
        assertThatThrownBy(() -> RecordTaskStore.open(records, SecretCipher.ofKey(KEY)))
                .hasMessageContaining("the task t2 can't be used");
    }

    @Test
    void aKeyOfTheWrongFormIsRefusedWithoutRepeatingIt() {
        assertThatThrownBy(() -> SecretCipher.ofKey("not/a=key!"))
                .hasMessageContaining("openssl rand -base64 32")
                .hasMessageNotContaining("not/a");
        assertThatThrownBy(() -> SecretCipher.ofKey("AAEC"))
                .hasMessageContaining("has 3 bytes")
                .hasMessageNotContaining("AAEC");
    }

    private void failToPause(RecordTaskStore store) {
        records.faults.add(Fault.REFUSED);
        assertThatThrownBy(() -> store.update("t1", RecordTaskStoreTest::paused))
                .hasMessageContaining("refused");
    }

    /** As the Go tool writes it. */
    private static String goTask(String id) {
        return """
               {"TaskID": "%s", "State": 1, "MilvusConnectParam": {"host": "", "port": 0,
                "enable_tls": false, "uri": "http://h:1", "dial_config": {}, "channel_num": 0,
                "ignore_partition": false, "connect_timeout": 10}}
               """
                .formatted(id);
    }

    private RecordTaskStore open() throws StoreException {
        return RecordTaskStore.open(records, SecretCipher.NONE);
    }

    private static Task paused(Task task) {
        return task.wanted(DesiredState.PAUSED, "why");
    }

    private static Task withSecrets() {
        return new Task(
                "t1",
                TaskDefinition.of(
                        new MilvusConnectParam(
                                "",
                                0,
                                false,
                                "u",
                                "p4ss",
                                "http://h:1",
                                "t0ken",
                                Map.of(),
                                0,
                                false,
                                0),
                        TASK.definition().collections()),
                DesiredState.RUNNING,
                "",
                TASK.start(),
                Optional.empty());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which tasks may be made and run beside which. */
final class AdmissionTest {

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final Admission admission = new Admission(store, 3, AdmissionTest::savepoint);

    @Test
    void aSecondRunningTaskForATargetIsRefusedWhateverTheSpelling() throws Exception {
        String first = add("", "http://H.example", "c1").id();
        assertThatThrownBy(() -> add("", "h.example:19530/", "c2"))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith("task " + first + " runs into http://H.example");
        assertThatThrownBy(() -> add("", "https://h.example:19530", "c2"))
                .hasMessageContaining(first);
        add("", "http://h2.example", "c2");
        assertThat(store.list()).hasSize(2);
    }

    @Test
    void aSecondTaskForATargetIsRefusedWhileTheFirstIsPausedToo() throws Exception {
        add("first", "http://h", "c1");
        want("first", DesiredState.PAUSED);
        assertThatThrownBy(() -> add("second", "http://h", "c2"))
                .hasMessageStartingWith("task first is paused and goes into http://h")
                .hasMessageContaining("delete that one first");
        want("first", DesiredState.DELETED);
        add("second", "http://h", "c2");
    }

    @Test
    void ofTwoTasksThatShareATargetOnlyTheOneThatHasRunGoesOn() throws Exception {
        share("first", "second");
        want("first", DesiredState.RUNNING);
        assertThatThrownBy(() -> resume("second"))
                .hasMessageStartingWith(
                        "fail to start the task, task_id: second: task first runs into http://h");
        store.update("first", task -> task.with(JobRun.starting("job", "")));
        want("first", DesiredState.PAUSED);
        assertThatThrownBy(() -> resume("second"))
                .hasMessageContaining("task first has run into http://h")
                .hasMessageContaining("Delete the one that you don't want");
        resume("first");
        assertThat(store.find("first").orElseThrow().desired()).isEqualTo(DesiredState.RUNNING);
        assertThatThrownBy(() -> resume("first"))
                .hasMessage("the task has running, task_id: first");
        want("first", DesiredState.DELETED);
        resume("second");
    }

    @Test
    void ofTwoTasksThatShareATargetAndNeverRanEitherMayBegin() throws Exception {
        share("first", "second");
        resume("second");
        assertThat(store.find("second").orElseThrow().desired()).isEqualTo(DesiredState.RUNNING);
    }

    @Test
    void aTaskGoesOnFromTheSavepointOfAJobThatRanElsewhere() throws Exception {
        add("first", "http://h", "*");
        want("first", DesiredState.PAUSED);
        store.update("first", task -> task.with(JobRun.starting("job", "")));
        assertThatThrownBy(() -> resume("first", "/sp"))
                .hasMessageContaining("its own job may not have ended yet");
        store.update("first", task -> task.with(task.run().orElseThrow().ended()));
        assertThatThrownBy(() -> resume("first", "/older"))
                .hasMessage("fail to start the task, task_id: first: /older is older");
        assertThat(store.find("first").orElseThrow().desired()).isEqualTo(DesiredState.PAUSED);
        resume("first", "/sp");
        Task resumed = store.find("first").orElseThrow();
        assertThat(resumed.desired()).isEqualTo(DesiredState.RUNNING);
        JobRun run = resumed.run().orElseThrow();
        assertThat(run).isEqualTo(JobRun.elsewhere(run.jobId(), "/sp"));
        assertThat(run.jobId()).matches("[0-9a-f]{32}");
    }

    private static Path savepoint(Task task, String place) throws IOException {
        if (place.equals("/older")) {
            throw new IOException(place + " is older");
        }
        return Path.of(place);
    }

    private void resume(String id) throws Exception {
        resume(id, "");
    }

    private void resume(String id, String savepoint) throws Exception {
        admission.resume(new ResumeRequest(new TaskIdRequest(id), savepoint));
    }

    /** As a takeover may leave them. */
    private void share(String... ids) {
        for (String id : ids) {
            store.create(
                    Task.created(id, definition("http://h", id), StartPoint.BEGINNING)
                            .wanted(DesiredState.PAUSED, ""));
        }
    }

    @Test
    void tasksOfOneTargetShareNoCollectionEvenWhenPaused() throws Exception {
        add("first", "http://h", "*");
        want("first", DesiredState.PAUSED);
        assertThatThrownBy(() -> add("", "http://h", "c1"))
                .hasMessage(
                        "the collection name is duplicate with existing task, [default.c1]: task"
                                + " first replicates into http://h already");
    }

    @Test
    void aTaskThatIsBeingDeletedIsInNobodysWayButItsIdIsTaken() throws Exception {
        add("first", "http://h", "*");
        want("first", DesiredState.DELETED);
        add("second", "http://h", "*");
        assertThatThrownBy(() -> add("first", "http://h2", "*"))
                .hasMessage("task first is being deleted, try again in a moment");
    }

    @Test
    void theSameTaskAgainIsTheTaskAndAnotherOneOfItsIdIsRefused() throws Exception {
        Task first = add("mine", "http://h", "*");
        want("mine", DesiredState.PAUSED);
        assertThat(add("mine", "http://h", "*").id()).isEqualTo(first.id());
        assertThat(store.list()).hasSize(1);
        assertThat(store.list().get(0).desired()).isEqualTo(DesiredState.PAUSED);
        assertThatThrownBy(() -> add("mine", "http://h", "c1")).hasMessageContaining("another one");
    }

    @Test
    void theNumberOfTasksCountsPausedOnesAndNotTheSameTaskAgain() throws Exception {
        add("t1", "http://h1", "*");
        add("t2", "http://h2", "*");
        add("t3", "http://h3", "*");
        want("t3", DesiredState.PAUSED);
        assertThatThrownBy(() -> add("t4", "http://h4", "*"))
                .hasMessage("the task num has reach the limit, 3")
                .extracting(e -> ((ApiException) e).code())
                .isEqualTo(500);
        add("t1", "http://h1", "*");
    }

    private Task add(String id, String uri, String collection) throws Exception {
        String chosen = id.isEmpty() ? UUID.randomUUID().toString() : id;
        return admission.add(
                new CreateRequest(chosen, definition(uri, collection)), StartPoint.BEGINNING);
    }

    private static TaskDefinition definition(String uri, String collection) {
        return TaskDefinition.of(
                MilvusConnectParam.ofUri(uri),
                List.of(new CollectionInfo(collection, null, false)));
    }

    private void want(String id, DesiredState desired) {
        store.update(id, task -> task.wanted(desired, ""));
    }
}

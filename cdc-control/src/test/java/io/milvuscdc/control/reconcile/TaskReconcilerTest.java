// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.control.cluster.ClusterException;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.control.testutils.Configs;
import io.milvuscdc.control.testutils.FakeFlink;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import io.milvuscdc.control.testutils.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One step after the other, over a fake Flink that writes real checkpoint metadata. */
final class TaskReconcilerTest {

    private static final String ID = "t1";

    @TempDir private Path data;

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final List<String> cleaned = new ArrayList<>();
    private FakeFlink flink = new FakeFlink();

    @BeforeEach
    void createsTheTask() {
        store.create(Tasks.running(ID));
    }

    @Test
    void startsANewTaskWithoutARestorePath() throws Exception {
        step();
        step();
        assertThat(flink.submissions()).hasSize(1);
        assertThat(flink.last().restorePath()).isEmpty();
        assertThat(flink.last().spec().taskId()).isEqualTo(ID);
        assertThat(flink.last().checkpoints()).isEqualTo(data.resolve("checkpoints").resolve(ID));
        assertThat(task().run().orElseThrow().jobId()).isEqualTo(flink.last().jobId());
    }

    @Test
    void pausesWithASavepointAndResumesFromIt() throws Exception {
        step();
        flink.checkpoint(jobId());
        want(DesiredState.PAUSED);
        step();
        assertThat(flink.active()).isEmpty();
        assertThat(isStopped()).isTrue();
        step();
        want(DesiredState.RUNNING);
        step();
        assertThat(flink.submissions()).hasSize(2);
        assertThat(flink.last().restorePath()).contains("/savepoints/" + ID).contains("savepoint-");
    }

    @Test
    void aResumeWhileTheJobStillStopsStartsTheNextOneAfterwards() throws Exception {
        step();
        flink.checkpoint(jobId());
        flink.stopWithSavepoint(
                jobId(), data.resolve("savepoints/t1").resolve(jobId()), Duration.ZERO);
        step();
        assertThat(flink.submissions()).hasSize(2);
        assertThat(flink.last().restorePath()).contains("savepoint-");
    }

    @Test
    void aJobThatCannotMakeASavepointIsCancelledAndGoesOnFromItsCheckpoint() throws Exception {
        step();
        Path checkpoint = flink.checkpoint(jobId());
        flink.failSavepoints("not all tasks are running", false);
        want(DesiredState.PAUSED);
        step();
        assertThat(flink.active()).isEmpty();
        want(DesiredState.RUNNING);
        step();
        assertThat(flink.last().restorePath()).isEqualTo(checkpoint.toString());
    }

    @Test
    void aSavepointIsUsedEvenIfTheJobFailedAfterIt() throws Exception {
        step();
        flink.checkpoint(jobId());
        flink.failSavepoints("it failed while stopping", true);
        want(DesiredState.PAUSED);
        step();
        assertThat(task().desired()).isEqualTo(DesiredState.PAUSED);
        want(DesiredState.RUNNING);
        step();
        assertThat(flink.last().restorePath()).contains("savepoint-");
    }

    @Test
    void aFailedJobPausesItsTaskWithTheReason() throws Exception {
        step();
        Path checkpoint = flink.checkpoint(jobId());
        flink.fail(jobId(), "the target is a normal instance");
        step();
        assertThat(task().desired()).isEqualTo(DesiredState.PAUSED);
        assertThat(task().reason()).isEqualTo("the target is a normal instance");
        step();
        assertThat(flink.submissions()).hasSize(1);

        want(DesiredState.RUNNING);
        step();
        assertThat(flink.submissions()).hasSize(2);
        assertThat(flink.last().restorePath()).isEqualTo(checkpoint.toString());
        assertThat(task().desired()).isEqualTo(DesiredState.RUNNING);
    }

    @Test
    void aJobThatFlinkRestartsIsLeftAlone() throws Exception {
        step();
        flink.restarting(jobId(), "connection refused");
        step();
        assertThat(flink.submissions()).hasSize(1);
        assertThat(task().desired()).isEqualTo(DesiredState.RUNNING);
    }

    @Test
    void aJobThatFlinkRefusesPausesItsTask() throws Exception {
        flink.failSubmissions("the job can't be put together");
        step();
        assertThat(task().desired()).isEqualTo(DesiredState.PAUSED);
        assertThat(task().reason())
                .isEqualTo("fail to start task, err: the job can't be put together");
        flink.failSubmissions("");
        want(DesiredState.RUNNING);
        step();
        assertThat(flink.active()).hasSize(1);
    }

    @Test
    void aTaskThatCannotRunIsPausedWithTheReason() throws Exception {
        Task task = task();
        store.delete(ID);
        store.create(
                Task.created(
                        ID,
                        TaskDefinition.of(
                                MilvusConnectParam.ofUri("ftp://h"),
                                task.definition().collections()),
                        task.start()));
        step();
        assertThat(flink.submissions()).isEmpty();
        assertThat(task().desired()).isEqualTo(DesiredState.PAUSED);
        assertThat(task().reason())
                .isEqualTo(
                        "fail to start task, err: the milvus uri must begin with http:// or"
                                + " https://, but it's 'ftp://h'");
    }

    @Test
    void aTaskWaitsUntilAnotherOneHasStoppedIntoItsTarget() throws Exception {
        sharesItsTargetWith("t0");
        want(DesiredState.PAUSED);
        reconciler().step("t0");
        store.update("t0", task -> task.wanted(DesiredState.PAUSED, ""));
        want(DesiredState.RUNNING);
        step();
        assertThat(flink.submissions()).hasSize(1);
        assertThat(task().desired()).isEqualTo(DesiredState.RUNNING);
        reconciler().step("t0");
        step();
        assertThat(flink.submissions()).hasSize(2);
        assertThat(flink.last().spec().taskId()).isEqualTo(ID);
    }

    @Test
    void ofTwoTasksThatAreBothToRunIntoOneTargetTheSecondIsPausedWithTheReason() throws Exception {
        sharesItsTargetWith("t0");
        step();
        reconciler().step("t0");
        assertThat(flink.active()).containsExactly(jobId());
        Task second = store.find("t0").orElseThrow();
        assertThat(second.desired()).isEqualTo(DesiredState.PAUSED);
        assertThat(second.reason()).contains("task t1 runs into");
    }

    @Test
    void aTaskThatRanElsewhereGoesOnFromWhatThatJobLeft() throws Exception {
        step();
        String own = jobId();
        Path savepoint = Files.createDirectories(data.resolve("by-hand"));
        Files.copy(flink.checkpoint(own).resolve("_metadata"), savepoint.resolve("_metadata"));
        want(DesiredState.PAUSED);
        step();
        step();
        store.update(
                ID,
                task ->
                        task.with(JobRun.elsewhere("e".repeat(32), savepoint.toString()))
                                .wanted(DesiredState.RUNNING, ""));
        step();
        assertThat(flink.submissions()).hasSize(2);
        assertThat(flink.last().restorePath()).isEqualTo(savepoint.toString());
        assertThat(flink.last().jobId()).isNotEqualTo("e".repeat(32));
        flink.checkpoint(jobId());
        step();
        assertThat(data.resolve("savepoints").resolve(ID).resolve(own))
                .as("what the task's own job had left")
                .doesNotExist();
        assertThat(savepoint).isNotEmptyDirectory();
    }

    private void sharesItsTargetWith(String other) {
        store.create(Task.created(other, task().definition(), task().start()));
    }

    @Test
    void aFlinkThatHasStoppedIsNoFaultOfTheTask() throws Exception {
        flink.die();
        assertThatThrownBy(this::step).isInstanceOf(ClusterException.class);
        assertThat(task().desired()).isEqualTo(DesiredState.RUNNING);
    }

    @Test
    void aStartThatIsLostIsTriedAgainUnderTheSameId() throws Exception {
        flink.loseRequests(true);
        assertThatThrownBy(this::step).isInstanceOf(ClusterException.class);
        assertThat(task().desired()).isEqualTo(DesiredState.RUNNING);
        String id = jobId();
        flink.loseRequests(false);
        step();
        assertThat(flink.active()).containsExactly(id);
    }

    @Test
    void aStartWhoseAnswerIsLostIsNoSecondOne() throws Exception {
        flink.loseAnswers(true);
        assertThatThrownBy(this::step).isInstanceOf(ClusterException.class);
        step();
        assertThat(flink.submissions()).hasSize(1);
        assertThat(task().desired()).isEqualTo(DesiredState.RUNNING);
    }

    @Test
    void aJobThatMayStillRunSomewhereIsNotStartedAgainNorTakenForPausedOrDeleted()
            throws Exception {
        step();
        Path checkpoint = flink.checkpoint(jobId());
        flink = new FakeFlink();
        flink.doubt(true);
        step();
        want(DesiredState.PAUSED);
        step();
        assertThat(isStopped()).isFalse();
        want(DesiredState.DELETED);
        step();
        assertThat(checkpoint).exists();
        want(DesiredState.RUNNING);
        step();
        assertThat(flink.submissions()).isEmpty();
        flink.doubt(false);
        step();
        assertThat(flink.last().restorePath()).isEqualTo(checkpoint.toString());
    }

    @Test
    void anIdThatIsSpentIsReplaced() throws Exception {
        flink.spendIds(true);
        step();
        String spent = jobId();
        flink.spendIds(false);
        step();
        assertThat(flink.active()).hasSize(1).doesNotContain(spent);
    }

    @Test
    void aPausedTaskWhoseJobHasEndedNeedsNoFlink() throws Exception {
        step();
        flink.checkpoint(jobId());
        want(DesiredState.PAUSED);
        step();
        step();
        flink.die();
        step();
        assertThat(isStopped()).isTrue();
    }

    @Test
    void whatOlderJobsLeftGoesAfterTheFirstCheckpointOfTheNextOne() throws Exception {
        step();
        Path first = flink.checkpoint(jobId());
        flink = new FakeFlink();
        step();
        assertThat(first).exists();
        assertThat(flink.last().restorePath()).isEqualTo(first.toString());
        Path half = flink.beginCheckpoint(jobId());
        step();
        assertThat(first).exists();
        assertThat(half).exists();
        Path second = flink.checkpoint(jobId());
        step();
        assertThat(first.getParent()).doesNotExist();
        assertThat(second).exists();
        assertThat(task().run().orElseThrow().checkpointed()).isTrue();
    }

    @Test
    void aMissingCheckpointIsAReasonAndNotAFreshStart() throws Exception {
        step();
        Path checkpoint = flink.checkpoint(jobId());
        step();
        Files.delete(checkpoint.resolve("_metadata"));
        flink = new FakeFlink();
        step();
        assertThat(flink.submissions()).isEmpty();
        assertThat(task().desired()).isEqualTo(DesiredState.PAUSED);
        assertThat(task().reason()).contains("needs a checkpoint or savepoint to go on from");
    }

    @Test
    void anUnreadableCheckpointIsAReasonAndNotAStepBack() throws Exception {
        step();
        Path older = flink.checkpoint(jobId());
        flink = new FakeFlink();
        step();
        Path newer = flink.checkpoint(jobId());
        Files.writeString(newer.resolve("_metadata"), "damaged");
        flink = new FakeFlink();
        step();
        assertThat(older).exists();
        assertThat(flink.submissions()).isEmpty();
        assertThat(task().reason())
                .contains(newer.toString(), "can't be used", "_metadata", "docs/operations.md");
    }

    @Test
    void aCheckpointThatEndsTooEarlyIsAReason() throws Exception {
        step();
        Path checkpoint = flink.checkpoint(jobId());
        Path metadata = checkpoint.resolve("_metadata");
        byte[] whole = Files.readAllBytes(metadata);
        for (int length = 0; length < whole.length; length++) {
            Files.write(metadata, Arrays.copyOf(whole, length));
            flink = new FakeFlink();
            want(DesiredState.RUNNING);
            step();
            assertThat(flink.submissions()).as("%s bytes left", length).isEmpty();
            assertThat(task().reason()).contains("ends too early, at byte " + length + ".");
        }
        Files.write(metadata, whole);
        want(DesiredState.RUNNING);
        step();
        assertThat(flink.last().restorePath()).isEqualTo(checkpoint.toString());
    }

    @Test
    void aMissingOrShortFileOfTheCheckpointIsAReasonAndNotAJobThatCannotStart() throws Exception {
        step();
        flink.checkpoint(jobId());
        Path state = flink.checkpointWithFile(jobId());
        Files.write(state, new byte[] {1});
        flink = new FakeFlink();
        step();
        assertThat(flink.submissions()).isEmpty();
        assertThat(task().reason()).contains(state + " has 1 bytes instead of 4");
        Files.delete(state);
        want(DesiredState.RUNNING);
        step();
        assertThat(task().reason()).contains(state + " is missing", "docs/operations.md");
        Files.write(state, new byte[4]);
        want(DesiredState.RUNNING);
        step();
        assertThat(flink.last().restorePath()).isEqualTo(state.getParent().toString());
    }

    @Test
    void aJobThatFlinkRestartsForEverAsAFileIsGoneIsEndedWithTheReason() throws Exception {
        step();
        Path state = flink.checkpointWithFile(jobId());
        step();
        Path aside = data.resolve("aside");
        Files.move(data.resolve("checkpoints"), aside);
        flink.restarting(jobId(), "FileNotFoundException: " + state);
        step();
        assertThat(task().desired()).as("the storage is away").isEqualTo(DesiredState.RUNNING);
        Files.move(aside, data.resolve("checkpoints"));
        step();
        assertThat(task().desired()).as("all is there").isEqualTo(DesiredState.RUNNING);
        Files.delete(state);
        step();
        assertThat(flink.active()).isEmpty();
        assertThat(task().desired()).isEqualTo(DesiredState.PAUSED);
        assertThat(task().reason()).contains(state + " is missing");
    }

    @Test
    void aRunningJobsDamagedMetadataDoesNotEndIt() throws Exception {
        step();
        Path checkpoint = flink.checkpoint(jobId());
        step();
        Files.writeString(checkpoint.resolve("_metadata"), "damaged");
        flink.restarting(jobId(), "connection refused");
        step();
        assertThat(flink.active()).containsExactly(jobId());
        assertThat(task().desired()).isEqualTo(DesiredState.RUNNING);
    }

    @Test
    void theLostSavepointOfATaskThatWasPausedAtOnceIsAReasonAndNotAFreshStart() throws Exception {
        step();
        want(DesiredState.PAUSED);
        step();
        Path savepoints = data.resolve("savepoints/t1").resolve(jobId());
        try (Stream<Path> found = Files.list(savepoints)) {
            Files.delete(found.findFirst().orElseThrow().resolve("_metadata"));
        }
        want(DesiredState.RUNNING);
        step();
        assertThat(flink.submissions()).hasSize(1);
        assertThat(task().reason()).contains("needs a checkpoint or savepoint to go on from");
    }

    @Test
    void deletesTheTaskWithAllThatItsJobsLeft() throws Exception {
        step();
        flink.checkpoint(jobId());
        want(DesiredState.DELETED);
        assertThat(cleaned).isEmpty();
        step();
        assertThat(flink.active()).isEmpty();
        assertThat(cleaned).containsExactly(ID);
        assertThat(store.list()).isEmpty();
        assertThat(data.resolve("checkpoints").resolve(ID)).doesNotExist();
        assertThat(isStopped()).isTrue();
        step();
    }

    @Test
    void suspendsWithASavepointAndLeavesTheWish() throws Exception {
        step();
        flink.checkpoint(jobId());
        new Suspension(store, flink, new RestorePoints(data)).run(Duration.ofSeconds(5));
        assertThat(flink.active()).isEmpty();
        assertThat(task().desired()).isEqualTo(DesiredState.RUNNING);
        flink = new FakeFlink();
        step();
        assertThat(flink.last().restorePath()).contains("savepoint-");
    }

    private void step() throws Exception {
        reconciler().step(ID);
    }

    private boolean isStopped() throws Exception {
        return reconciler().isStopped(ID);
    }

    private TaskReconciler reconciler() {
        var config = Configs.below(data, 10);
        return new TaskReconciler(
                store,
                flink,
                new RestorePoints(data),
                new TaskSpecs(config.source(), config.replication(), "control plane")::of,
                cleaned::add,
                () -> JobID.generate().toHexString());
    }

    private void want(DesiredState desired) {
        store.update(ID, task -> task.wanted(desired, ""));
    }

    private Task task() {
        return store.find(ID).orElseThrow();
    }

    private String jobId() {
        return task().run().orElseThrow().jobId();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.control.reconcile.TaskSpecs;
import io.milvuscdc.control.rest.FlinkRest;
import io.milvuscdc.control.testutils.Configs;
import io.milvuscdc.control.testutils.ScriptedFlinkRest;
import io.milvuscdc.control.testutils.Tasks;
import io.milvuscdc.job.TaskSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over a scripted REST API; SessionClusterITCase does the same over a real cluster. */
final class SessionClusterTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final Duration BOUND = Duration.ofSeconds(10);

    @TempDir private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private Path root;
    private ScriptedFlinkRest flink;
    private SessionCluster cluster;

    @BeforeEach
    void start() throws Exception {
        root = Files.createDirectory(directory.resolve("my data #1 at 100%"));
        flink = new ScriptedFlinkRest();
        Files.writeString(root.resolve("job.jar"), "a jar");
        Files.writeString(
                root.resolve("config.yaml"),
                """
                parallelism: {default: 3}
                execution: {checkpointing: {num-retained: 1}}
                s3: {secret-key: hidden}
                """);
        cluster = connect();
    }

    private SessionCluster connect() throws ClusterException {
        return connect(nanos::get);
    }

    private SessionCluster connect(LongSupplier clock) throws ClusterException {
        return SessionCluster.connect(
                new FlinkRest(flink.uri()),
                root,
                root.resolve("data"),
                root.resolve("job.jar"),
                clock);
    }

    @AfterEach
    void stop() {
        flink.close();
    }

    @Test
    void submitsWithItsOwnIdAndTheSettingsOfJobsAndNothingElse() throws Exception {
        Path restore = root.resolve("data/checkpoints/t1/old/chk-7");
        cluster.submit(submission(ID, restore.toString()));
        JsonNode run = flink.runs().get(0);
        assertThat(run.path("jobId").asText()).isEqualTo(ID);
        assertThat(asFlinkReads(run.path("savepointPath"))).isEqualTo(restore);
        assertThat(run.path("parallelism").asInt()).isEqualTo(3);
        JsonNode configuration = run.path("flinkConfiguration");
        assertThat(configuration.path("execution.checkpointing.num-retained").asText())
                .isEqualTo("1");
        assertThat(asFlinkReads(configuration.path("execution.checkpointing.dir")))
                .isEqualTo(root.resolve("data/checkpoints/t1"));
        assertThat(run.toString()).doesNotContain("hidden").doesNotContain("s3.");
        assertThat(cluster.observe(ID)).isEqualTo(JobObservation.of(JobPhase.ACTIVE));
    }

    private static Path asFlinkReads(JsonNode directory) {
        return Path.of(new org.apache.flink.core.fs.Path(directory.asText()).getPath());
    }

    @Test
    void theTaskIsInAFileThatOnlyItsUserCanReadForAsLongAsItTakes() throws Exception {
        AtomicReference<String> permissions = new AtomicReference<>();
        flink.duringRun(
                body -> {
                    Path task = Path.of(body.path("programArgsList").path(1).asText());
                    try {
                        permissions.set(
                                PosixFilePermissions.toString(Files.getPosixFilePermissions(task)));
                    } catch (IOException e) {
                        permissions.set(e.toString());
                    }
                });
        cluster.submit(submission(ID, ""));
        assertThat(permissions.get()).isEqualTo("rw-------");
        assertThat(handedOver()).isZero();
        flink.failRuns("java.lang.IllegalStateException: no");
        assertThat(failure(() -> cluster.submit(submission("f".repeat(32), "")))).isNotNull();
        assertThat(handedOver()).isZero();
    }

    private long handedOver() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("data/handover"))) {
            return files.count();
        }
    }

    @Test
    void theJarIsUploadedOnceFoundAgainAndUploadedAnewWhenItIsLostOrAnother() throws Exception {
        cluster.submit(submission(id(1), ""));
        cluster.submit(submission(id(2), ""));
        connect().submit(submission(id(3), ""));
        assertThat(flink.jars()).hasSize(1);
        flink.restart();
        cluster.submit(submission(id(4), ""));
        assertThat(flink.jars()).hasSize(1);
        Files.writeString(root.resolve("job.jar"), "another jar");
        connect().submit(submission(id(5), ""));
        assertThat(flink.jars()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aStartWhoseAnswerIsLostIsFoundByItsId() throws Exception {
        flink.loseAnswers();
        ClusterException failure = failure(() -> cluster.submit(submission(ID, "")));
        assertThat(failure.isUnanswered()).isTrue();
        assertThat(cluster.observe(ID).phase()).isEqualTo(JobPhase.ACTIVE);
        cluster.submit(submission(ID, ""));
        assertThat(flink.runs()).hasSize(1);
    }

    @Test
    void aStartThatIsLostIsInDoubtForAWhile() throws Exception {
        passOrphans();
        flink.loseRequests();
        assertThat(failure(() -> cluster.submit(submission(ID, ""))).isUnanswered()).isTrue();
        assertThat(cluster.observe(ID).phase()).isEqualTo(JobPhase.IN_DOUBT);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(cluster.observe(ID).phase()).isEqualTo(JobPhase.ABSENT);
    }

    @Test
    void anIdThatIsSpentIsToldApartFromAJobThatRuns() throws Exception {
        cluster = connect(() -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()));
        passOrphans();
        flink.failRuns(
                "org.apache.flink.client.program.ProgramInvocationException: x\nCaused by:"
                        + " org.apache.flink.runtime.client.DuplicateJobSubmissionException: Job has"
                        + " already been submitted.");
        assertThat(failure(() -> cluster.submit(submission(ID, ""))).isSpent()).isTrue();
    }

    @Test
    void aJobThatItsMainMethodRefusesIsToldInItsWords() {
        flink.failRuns(
                "org.apache.flink.runtime.rest.handler.RestHandlerException: Could not execute"
                        + " application.\n\tat A.b(A.java:1)\nCaused by:"
                        + " org.apache.flink.client.program.ProgramInvocationException: The main"
                        + " method caused an error: x\nCaused by:"
                        + " io.milvuscdc.job.HandedOverTask$HandoverException: the JobManager doesn't"
                        + " find the file");
        ClusterException failure = failure(() -> cluster.submit(submission(ID, "")));
        assertThat(failure).hasMessage("the JobManager doesn't find the file");
        assertThat(failure.isUnanswered()).isFalse();
    }

    @Test
    void aFaultOfFlinkItselfIsTriedAgain() {
        flink.failRuns("java.util.concurrent.TimeoutException: Invocation timed out");
        assertThat(failure(() -> cluster.submit(submission(ID, ""))).isUnanswered()).isTrue();
    }

    @Test
    void aClusterThatTakesNoJarsSaysWhatToSet() {
        flink.refuseJars();
        ClusterException failure = failure(() -> cluster.submit(submission(ID, "")));
        assertThat(failure).hasMessageContaining("web.submit.enable: true");
        assertThat(failure.isUnanswered()).isFalse();
    }

    @Test
    void anotherJobManagerMayHaveOrphansUntilTheirHeartbeatIsMissed() throws Exception {
        passOrphans();
        cluster.submit(submission(ID, ""));
        assertThat(cluster.observe(ID).phase()).isEqualTo(JobPhase.ACTIVE);
        flink.restart();
        assertThat(cluster.observe(ID).phase()).isEqualTo(JobPhase.IN_DOUBT);
        nanos.addAndGet(Duration.ofSeconds(14).toNanos());
        assertThat(cluster.observe(ID).phase()).isEqualTo(JobPhase.IN_DOUBT);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(cluster.observe(ID).phase()).isEqualTo(JobPhase.ABSENT);
    }

    /** Lets the JobManager be old. */
    private void passOrphans() throws Exception {
        cluster.observe(id(9));
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(cluster.observe(id(9)).phase()).isEqualTo(JobPhase.ABSENT);
    }

    @Test
    void whatIsAwayIsNotAbsent() throws Exception {
        assertThat(cluster.isRunning()).isTrue();
        flink.close();
        assertThat(cluster.isRunning()).isFalse();
        ClusterException failure = failure(() -> cluster.observe(ID));
        assertThat(failure.isUnanswered()).isTrue();
        assertThat(failure).hasMessageContaining(flink.uri().toString());
    }

    @Test
    void aClusterWhoseTaskManagersComeWithItsJobsRuns() throws Exception {
        flink.taskManagers(0);
        assertThat(cluster.isRunning()).isTrue();
        cluster.submit(submission(ID, ""));
        assertThat(cluster.isRunning()).isTrue();
        flink.answerAll(200, "{}");
        assertThat(cluster.isRunning()).as("not a Flink").isFalse();
    }

    @Test
    void whateverElseAnswersThereIsNotTakenForAnAbsentJob() throws Exception {
        SessionCluster elsewhere =
                SessionCluster.connect(
                        new FlinkRest(URI.create(flink.uri() + "/elsewhere")),
                        root,
                        root.resolve("data"),
                        root.resolve("job.jar"),
                        nanos::get);
        assertThat(failure(() -> elsewhere.observe(ID)).isUnanswered()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"302,''", "200,''", "200,{}"})
    void whatAnswersInFrontOfFlinkIsNotTakenForAnAbsentJob(int status, String body)
            throws Exception {
        passOrphans();
        flink.answerAll(status, body);
        assertThat(failure(() -> cluster.observe(ID)).isUnanswered()).isTrue();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(failure(() -> cluster.observe(ID)).isUnanswered()).isTrue();
    }

    @Test
    void aFailedJobTellsWhy() throws Exception {
        flink.status(ID, "FAILED");
        flink.answer(
                "/jobs/" + ID + "/exceptions",
                "{\"exceptionHistory\":{\"entries\":["
                        + "{\"timestamp\":1,\"stacktrace\":\"java.io.IOException: old\"},"
                        + "{\"timestamp\":2,\"stacktrace\":\"x.Y: z\\nCaused by:"
                        + " io.milvuscdc.Some: the target is a normal instance\\n\"}]}}");
        assertThat(cluster.observe(ID))
                .isEqualTo(new JobObservation(JobPhase.FAILED, "the target is a normal instance"));
    }

    @Test
    void stopsWithASavepointAndWaitsForTheEnd() throws Exception {
        cluster.submit(submission(ID, ""));
        flink.status(ID, "FINISHED");
        flink.answer(
                "/jobs/" + ID + "/savepoints/r",
                "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"file:/s/1\"}}");
        assertThat(cluster.stopWithSavepoint(ID, root.resolve("s"), BOUND)).isEqualTo("file:/s/1");
        assertThat(asFlinkReads(flink.stops().get(0).path("targetDirectory")))
                .isEqualTo(root.resolve("s"));
        assertThat(cluster.observe(ID).phase()).isEqualTo(JobPhase.ENDED);
    }

    @Test
    void aSavepointThatFailsSaysWhy() throws Exception {
        cluster.submit(submission(ID, ""));
        flink.answer(
                "/jobs/" + ID + "/savepoints/r",
                "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"failure-cause\":"
                        + "{\"stack-trace\":\"java.io.IOException: not all tasks run\"}}}");
        assertThat(failure(() -> cluster.stopWithSavepoint(ID, root.resolve("s"), BOUND)))
                .hasMessageContaining("not all tasks run");
    }

    @Test
    void cancelsAndWaitsForTheEnd() throws Exception {
        cluster.submit(submission(ID, ""));
        cluster.cancel(ID, BOUND);
        assertThat(flink.requests()).contains("PATCH /jobs/" + ID + "?mode=cancel");
        assertThat(cluster.observe(ID).phase()).isEqualTo(JobPhase.ENDED);
    }

    private interface Call {
        void run() throws Exception;
    }

    private static ClusterException failure(Call call) {
        return catchThrowableOfType(ClusterException.class, call::run);
    }

    private static String id(int number) {
        return String.valueOf(number).repeat(32);
    }

    private JobSubmission submission(String jobId, String restore) {
        var config = Configs.below(root, 10);
        TaskSpec spec =
                new TaskSpecs(config.source(), config.replication(), "control plane")
                        .of(Tasks.running("t1"));
        return new JobSubmission(jobId, spec, root.resolve("data/checkpoints/t1"), restore);
    }
}

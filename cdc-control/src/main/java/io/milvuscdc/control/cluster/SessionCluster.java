// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvuscdc.control.rest.FlinkAnswerException;
import io.milvuscdc.control.rest.FlinkRest;
import io.milvuscdc.job.HandedOverTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.CoreOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Flink session cluster that runs by itself, over its documented REST API. Jobs outlive this
 * process and are found again by their ids; they don't outlive the cluster's JobManager, unless
 * that is highly available.
 */
public final class SessionCluster implements JobCluster {

    private static final Logger LOG = LoggerFactory.getLogger(SessionCluster.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration END_BOUND = Duration.ofSeconds(30);

    /** In which a job that has been submitted appears; Flink needs some milliseconds. */
    private static final Duration APPEARS = Duration.ofSeconds(10);

    /** How long a job may take to appear whose start wasn't answered. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(60);

    /** How old Flink's answers may be ({@code web.refresh-interval}), and a little. */
    private static final Duration STALE = Duration.ofSeconds(5);

    private static final int BAD_REQUEST = 400;
    private static final String OVERVIEW = "/overview";
    private static final String TASK_MANAGERS = "taskmanagers";

    private final FlinkRest flink;
    private final SessionJobs jobs;
    private final JobJar jar;
    private final Handover handover;
    private final Map<String, String> settings;
    private final JobManagerLife life;
    private final LongSupplier nanos;

    /** Jobs that this process wants to start and that the cluster wasn't asked for. */
    private final Set<String> neverSent = ConcurrentHashMap.newKeySet();

    /** When, by the clock, the cluster was asked for a job and didn't answer. */
    private final Map<String, Long> unanswered = new ConcurrentHashMap<>();

    private final AtomicBoolean away = new AtomicBoolean();

    /** Whether jobs had no TaskManager at the last look. */
    private final AtomicBoolean waiting = new AtomicBoolean();

    private SessionCluster(
            FlinkRest flink,
            JobJar jar,
            Handover handover,
            Map<String, String> settings,
            LongSupplier nanos) {
        this.flink = flink;
        this.jobs = new SessionJobs(flink);
        this.jar = jar;
        this.handover = handover;
        this.settings = settings;
        this.nanos = nanos;
        this.life = new JobManagerLife(flink, nanos);
    }

    /**
     * Gets ready; the cluster needn't be there yet.
     *
     * @param configDirectory holds the config.yaml whose settings of jobs hold for ours
     * @param data storage that the cluster has under the same path
     * @param jarFile the job's jar
     * @throws ClusterException the directories or the jar can't be used
     */
    public static SessionCluster connect(
            FlinkRest flink, Path configDirectory, Path data, Path jarFile)
            throws ClusterException {
        return connect(flink, configDirectory, data, jarFile, System::nanoTime);
    }

    /** The same with a clock of one's own, as {@link System#nanoTime}. */
    static SessionCluster connect(
            FlinkRest flink, Path configDirectory, Path data, Path jarFile, LongSupplier nanos)
            throws ClusterException {
        try {
            return new SessionCluster(
                    flink,
                    JobJar.of(flink, jarFile),
                    Handover.below(data),
                    JobSettings.of(configDirectory),
                    nanos);
        } catch (IOException e) {
            throw new ClusterException(
                    "the session cluster "
                            + flink.root()
                            + " can't be used: a file of flink.jobJar or flink.dataDir can't be read"
                            + " or written: "
                            + e,
                    e);
        }
    }

    /** It may have no TaskManager: where Flink makes them itself, they come with the jobs. */
    @Override
    public boolean isRunning() {
        try {
            JsonNode overview = flink.get(OVERVIEW);
            if (!overview.path(TASK_MANAGERS).isInt()) {
                throw FlinkAnswerException.without(TASK_MANAGERS, "GET " + OVERVIEW);
            }
            answered();
            tellOfWaitingJobs(
                    overview.path(TASK_MANAGERS).asInt(), overview.path("jobs-running").asInt());
            return true;
        } catch (IOException e) {
            isAway(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void answered() {
        if (away.compareAndSet(true, false)) {
            LOG.info("Flink at {} is there again", flink.root());
        }
    }

    private void isAway(IOException e) {
        if (away.compareAndSet(false, true)) {
            LOG.warn(
                    "Flink at {} doesn't answer ({}): tasks wait until it's there again; see"
                            + " flink.address, and whether the cluster runs",
                    flink.root(),
                    e.toString());
        }
    }

    private void tellOfWaitingJobs(int taskManagers, int jobs) {
        boolean wait = taskManagers == 0 && jobs > 0;
        if (waiting.getAndSet(wait) != wait && wait) {
            LOG.warn(
                    "Flink at {} has no TaskManager, so its jobs wait for slots. Where it makes"
                            + " TaskManagers itself, as on Kubernetes, they come in a moment;"
                            + " elsewhere start one",
                    flink.root());
        }
    }

    @Override
    public JobObservation observe(String jobId) throws ClusterException, InterruptedException {
        try {
            life.look();
            String status = jobs.status(jobId);
            return switch (status) {
                case "" -> JobObservation.of(absence(jobId));
                case "FAILED" -> new JobObservation(JobPhase.FAILED, endOf(jobId));
                case "FAILING", "RESTARTING" ->
                        new JobObservation(JobPhase.ACTIVE, lastFailureOf(jobId));
                case "FINISHED", "CANCELED" -> JobObservation.of(JobPhase.ENDED);
                default -> JobObservation.of(JobPhase.ACTIVE);
            };
        } catch (IOException e) {
            throw unanswered("say what job " + jobId + " is doing", e);
        }
    }

    private JobPhase absence(String jobId) throws IOException, InterruptedException {
        if (neverSent.contains(jobId)) {
            return JobPhase.ABSENT;
        }
        return mayBeOnItsWay(jobId) || life.mayHaveOrphans() ? JobPhase.IN_DOUBT : JobPhase.ABSENT;
    }

    private boolean mayBeOnItsWay(String jobId) {
        Long since = unanswered.get(jobId);
        if (since != null && nanos.getAsLong() - since >= ON_ITS_WAY.toNanos()) {
            unanswered.remove(jobId);
            return false;
        }
        return since != null;
    }

    private String endOf(String jobId) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + STALE.toNanos();
        String failure = lastFailureOf(jobId);
        while (failure.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(POLL.toMillis());
            failure = lastFailureOf(jobId);
        }
        return failure.isEmpty() ? "no reason given" : failure;
    }

    private String lastFailureOf(String jobId) throws IOException, InterruptedException {
        JsonNode newest = null;
        for (JsonNode entry :
                flink.get("/jobs/" + jobId + "/exceptions")
                        .path("exceptionHistory")
                        .path("entries")) {
            if (newest == null
                    || entry.path("timestamp").asLong() > newest.path("timestamp").asLong()) {
                newest = entry;
            }
        }
        return newest == null ? "" : FailureReason.ofStackTrace(newest.path("stacktrace").asText());
    }

    @Override
    public void submit(JobSubmission submission) throws ClusterException, InterruptedException {
        String jobId = submission.jobId();
        neverSent.add(jobId);
        try {
            run(submission, jar.id());
        } catch (FlinkAnswerException e) {
            judge(jobId, e);
        } catch (IOException e) {
            throw notStarted(jobId, e);
        }
    }

    private ClusterException notStarted(String jobId, IOException e) {
        if (!neverSent.contains(jobId)) {
            unanswered.put(jobId, nanos.getAsLong());
        }
        return unanswered("start job " + jobId, e);
    }

    private void run(JobSubmission submission, String jarId)
            throws IOException, InterruptedException {
        Path task = handover.put(submission.spec());
        try {
            ObjectNode body = body(submission, task);
            neverSent.remove(submission.jobId());
            flink.postAndWait("/jars/" + jarId + "/run", body);
        } finally {
            // also a request that is still on its way can't start the job any more
            handover.remove(task);
        }
    }

    private ObjectNode body(JobSubmission submission, Path task) throws IOException {
        Files.createDirectories(submission.checkpoints());
        ObjectNode body = flink.body().put("jobId", submission.jobId());
        body.putArray("programArgsList").add(HandedOverTask.ARGUMENT).add(task.toString());
        if (!submission.restorePath().isEmpty()) {
            body.put("savepointPath", FlinkPath.of(Path.of(submission.restorePath())));
        }
        String parallelism = settings.get(CoreOptions.DEFAULT_PARALLELISM.key());
        if (parallelism != null) {
            body.put("parallelism", Integer.parseInt(parallelism));
        }
        ObjectNode configuration = body.putObject("flinkConfiguration");
        settings.forEach(configuration::put);
        configuration.put(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                FlinkPath.of(submission.checkpoints()));
        return body;
    }

    /** What an error says of the job that was to be started. */
    private void judge(String jobId, FlinkAnswerException e)
            throws ClusterException, InterruptedException {
        if (e.errors().contains("DuplicateJobSubmissionException")) {
            awaitAppearance(jobId);
        } else if (e.status() == BAD_REQUEST && e.isFlinks() && isOfTheJob(e.errors())) {
            throw new ClusterException(FailureReason.ofStackTrace(e.errors()), e);
        } else {
            throw notStarted(jobId, e);
        }
    }

    /** Whether it's the job's own main method that failed before it came to Flink's part. */
    private static boolean isOfTheJob(String errors) {
        return errors.contains("ProgramInvocationException")
                && !errors.contains("Failed to execute job");
    }

    /** An earlier request, whose answer was lost, has started the job, or had once. */
    private void awaitAppearance(String jobId) throws ClusterException, InterruptedException {
        long deadline = nanos.getAsLong() + APPEARS.toNanos();
        while (observe(jobId).phase() == JobPhase.ABSENT) {
            if (nanos.getAsLong() - deadline > 0) {
                throw ClusterException.spent(
                        "Flink has run job " + jobId + " before and has forgotten how it ended");
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    @Override
    public String stopWithSavepoint(String jobId, Path savepoints, Duration bound)
            throws ClusterException, InterruptedException {
        String what = "stop job " + jobId + " with a savepoint";
        long deadline = System.nanoTime() + bound.toNanos();
        try {
            Files.createDirectories(savepoints);
            ObjectNode body =
                    flink.body()
                            .put("targetDirectory", FlinkPath.of(savepoints))
                            .put("drain", false)
                            .put("formatType", "CANONICAL");
            String request =
                    flink.post("/jobs/" + jobId + "/stop", body).path("request-id").asText();
            JsonNode answer = flink.get("/jobs/" + jobId + "/savepoints/" + request);
            while (!answer.path("status").path("id").asText().equals("COMPLETED")) {
                pause(what, deadline, bound);
                answer = flink.get("/jobs/" + jobId + "/savepoints/" + request);
            }
            JsonNode operation = answer.path("operation");
            if (!operation.has("location")) {
                throw new ClusterException(
                        "Flink can't "
                                + what
                                + ": "
                                + FailureReason.ofStackTrace(
                                        operation
                                                .path("failure-cause")
                                                .path("stack-trace")
                                                .asText()));
            }
            awaitEnd(what, jobId, END_BOUND);
            return operation.path("location").asText();
        } catch (IOException e) {
            throw unanswered(what, e);
        }
    }

    @Override
    public void cancel(String jobId, Duration bound) throws ClusterException, InterruptedException {
        String what = "cancel job " + jobId;
        try {
            flink.patch("/jobs/" + jobId + "?mode=cancel");
            awaitEnd(what, jobId, bound);
        } catch (IOException e) {
            throw unanswered(what, e);
        }
    }

    private void awaitEnd(String what, String jobId, Duration bound)
            throws IOException, ClusterException, InterruptedException {
        long deadline = System.nanoTime() + bound.toNanos();
        while (!jobs.hasEnded(jobId)) {
            pause(what, deadline, bound);
        }
    }

    private static void pause(String what, long deadline, Duration bound)
            throws ClusterException, InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new ClusterException(
                    "Flink can't " + what + ": not done within " + bound.toSeconds() + " s");
        }
        Thread.sleep(POLL.toMillis());
    }

    private ClusterException unanswered(String what, IOException e) {
        String why =
                e instanceof FlinkAnswerException answer && !answer.errors().isEmpty()
                        ? e.getMessage() + ", " + FailureReason.ofStackTrace(answer.errors())
                        : e instanceof FlinkAnswerException
                                ? e.getMessage()
                                : "it doesn't answer (" + e + ")";
        return ClusterException.unanswered(
                "Flink at " + flink.root() + " can't " + what + ": " + why, e);
    }
}

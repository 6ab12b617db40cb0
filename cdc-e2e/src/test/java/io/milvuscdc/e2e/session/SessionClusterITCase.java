// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.PairChecks;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.security.FlinkPages;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FlinkCluster;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.ServerProcess;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A control plane and a Flink session cluster, each process of which is killed while rows are
 * written; in the end every row has arrived exactly once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SessionClusterITCase {

    private static final String ROWS = "rows";
    private static final String SECRET = "session-hidden-1";
    private static final CollectionSchema SCHEMA = SampleSchemas.small(8);
    private static final int BATCH = 50;
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final Duration BOUND = Await.PATIENCE;

    private final HttpClient http = HttpClient.newHttpClient();
    private Path directory;
    private MilvusPair pair;
    private FlinkCluster flink;
    private ControlPlane plane;
    private CdcClient cdc;
    private MilvusSession session;
    private long written;

    @BeforeAll
    void startServers() {
        directory = ServerDirectory.of("session");
        ServerCache cache = ServerCache.fetchWithFlink();
        pair = MilvusPair.start(cache, directory);
        FreePorts ports = new FreePorts();
        flink = FlinkCluster.start(cache, ports, directory.resolve("flink"));
        plane =
                ControlPlane.start(
                        ports,
                        directory.resolve("cdc"),
                        pair.source(),
                        Map.of(),
                        ControlPlane.sessionMode(URI.create(flink.url()).getAuthority()));
        cdc = new CdcClient(plane.apiUrl());
        session = MilvusSession.open(pair.source().uri());
    }

    @AfterAll
    void stopServers() {
        if (session != null) {
            session.close();
        }
        if (plane != null) {
            plane.close();
        }
        if (flink != null) {
            flink.close();
        }
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    void everyRowArrivesExactlyOnceWhicheverProcessIsKilled() throws Exception {
        String task = create();
        session.createCollection(ROWS, SCHEMA, CollectionSettings.plain().withShards(2));
        session.indexVectors(ROWS);
        session.load(ROWS);
        write();
        PairChecks.awaitEqual(pair, BOUND);
        noSecretIsSeen();

        pauseAndResume(task);
        whileRowsAreWritten(flink::killTaskManager);
        killControlPlane(task);
        killJobManager();
        killWholeCluster();
        assertThat(cdc.state(task)).isEqualTo("Running");

        cdc.delete(task);
        Await.until("the job to end", BOUND, () -> flink.activeJobs().isEmpty());
        assertThat(directory.resolve("cdc/data/checkpoints").resolve(task)).doesNotExist();
        runByHand();
        assertExactlyOnce();
    }

    private String create() {
        ObjectNode data = new ObjectMapper().createObjectNode();
        data.putObject("milvus_connect_param")
                .put("uri", pair.target().uri())
                .put("token", "root:" + SECRET)
                .put("connect_timeout", 10);
        data.putArray("collection_infos").addObject().put("name", "*");
        String task = cdc.send("create", data).path("data").path("task_id").asText();
        assertThat(task).isNotEmpty();
        return task;
    }

    private void noSecretIsSeen() throws Exception {
        Map<String, String> pages = FlinkPages.read(flink.url());
        assertThat(pages.get("/jars")).contains("milvus-cdc-job-");
        assertThat(pages.keySet()).anyMatch(path -> path.contains("/subtasks/0"));
        assertThat(pages).allSatisfy((path, page) -> assertThat(page).doesNotContain(SECRET));
        assertThat(directory.resolve("cdc/data/handover")).isEmptyDirectory();
    }

    private void pauseAndResume(String task) throws Exception {
        cdc.pause(task);
        Await.until("the job to end", BOUND, () -> flink.activeJobs().isEmpty());
        assertThat(cdc.state(task)).isEqualTo("Paused");
        write();
        cdc.resume(task);
        PairChecks.awaitEqual(pair, BOUND);
    }

    /** Its job goes on without it, and it finds it again. */
    private void killControlPlane(String task) throws Exception {
        List<String> before = flink.activeJobs();
        assertThat(before).hasSize(1);
        plane.process().kill9();
        write();
        PairChecks.awaitEqual(pair, BOUND);
        plane.restart();
        assertThat(cdc.state(task)).isEqualTo("Running");
        write();
        PairChecks.awaitEqual(pair, BOUND);
        assertThat(flink.activeJobs()).isEqualTo(before);
    }

    /** The TaskManager goes on for a while with the tasks of a job that nobody knows any more. */
    private void killJobManager() throws Exception {
        List<String> before = flink.activeJobs();
        whileRowsAreWritten(
                () -> {
                    flink.killJobManager();
                    Await.until("the loss to be told", BOUND, () -> health().contains("Flink"));
                    flink.startJobManager();
                    awaitJobsOtherThan(before);
                });
    }

    private String health() throws Exception {
        String url = plane.apiUrl().replace("/cdc", "/healthz");
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    private void killWholeCluster() throws Exception {
        List<String> before = flink.activeJobs();
        whileRowsAreWritten(
                () -> {
                    flink.killJobManager();
                    flink.killTaskManager();
                    flink.startJobManager();
                    awaitJobsOtherThan(before);
                });
    }

    private void awaitJobsOtherThan(List<String> before) {
        Await.until(
                "the task to be started anew",
                BOUND,
                () -> {
                    List<String> active = flink.activeJobs();
                    return active.size() == 1 && !active.equals(before);
                });
    }

    /** {@code flink run} of the same jar, where the task has ended. */
    private void runByHand() throws Exception {
        Path task = directory.resolve("task.yaml");
        Files.writeString(
                task,
                """
                taskId: by-hand
                source:
                  etcd: {address: ['http://%s'], rootPath: source}
                  kafka: {address: '%s'}
                  replicateChan: %s
                target: {uri: '%s'}
                """
                        .formatted(
                                pair.etcd().endpoint(),
                                pair.kafka().bootstrapServers(),
                                pair.source().replicateChannel(),
                                pair.target().uri()));
        try (ServerProcess run =
                flink.commandLine(
                        directory,
                        "run",
                        "-d",
                        "-Dexecution.checkpointing.dir=" + directory.resolve("by-hand").toUri(),
                        ControlPlane.jobJar().toString(),
                        "--task",
                        task.toString())) {
            run.start();
            assertThat(run.awaitExit(BOUND)).as("exit code, log: %s", run.log()).isZero();
        }
        write();
        PairChecks.awaitEqual(pair, BOUND);
    }

    private void write() {
        session.insert(ROWS, new SampleRows(SCHEMA, written, BATCH, 0));
        written += BATCH;
    }

    /** Rows before, during and after what happens. */
    private void whileRowsAreWritten(Runnable fault) {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(
                        () -> {
                            while (!stop.get()) {
                                write();
                                Await.pause(BETWEEN);
                            }
                        });
        try {
            fault.run();
        } finally {
            stop.set(true);
            writer.join();
        }
        write();
        PairChecks.awaitEqual(pair, BOUND);
    }

    private void assertExactlyOnce() {
        ExactlyOnceVerdict verdict = PairChecks.verdict(pair);
        System.out.println("Session cluster: " + verdict);
        assertThat(verdict.findings()).as("%s", verdict).isEmpty();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.e2e.PairChecks;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.security.FlinkPages;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FlinkCluster;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.KafkaServer;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A control plane and a Flink session cluster, beside which no other job may feed the target, and
 * each process of which is killed while rows are sent that no tick has reached; then the task by
 * {@code flink run}, stopped, cancelled and rescaled; in the end every row has arrived exactly
 * once. Then stored savepoints of earlier versions, which take {@code -Dsavepoint.fixture=write} to
 * be made.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SessionClusterITCase {

    private static final String EMPTY_SOURCE = "empty";
    private static final String SECRET = "session-hidden-1";
    private static final Duration BOUND = Await.PATIENCE;

    private final HttpClient http = HttpClient.newHttpClient();
    private final FreePorts ports = new FreePorts();
    private ServerCache cache;
    private Path directory;
    private MilvusPair pair;
    private FlinkCluster flink;
    private ControlPlane plane;
    private CdcClient cdc;
    private LiveRows rows;

    @BeforeAll
    void startServers() {
        directory = ServerDirectory.of("session");
        cache = ServerCache.fetchWithFlink();
        pair = MilvusPair.start(cache, directory);
        flink = FlinkCluster.start(cache, ports, directory.resolve("flink"));
        plane =
                ControlPlane.start(
                        ports,
                        directory.resolve("cdc"),
                        pair.source(),
                        Map.of(),
                        ControlPlane.sessionMode(URI.create(flink.url()).getAuthority()));
        cdc = new CdcClient(plane.apiUrl());
        rows = new LiveRows(pair);
    }

    @AfterAll
    void stopServers() {
        if (rows != null) {
            rows.close();
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
    @Order(1)
    void everyRowArrivesExactlyOnceWhicheverProcessIsKilled() throws Exception {
        String task = create();
        rows.create();
        rows.writeUntilEqual();
        noSecretIsSeen();

        noOtherJobMayFeedTheTarget(task);
        pauseAndResume(task);
        runByHandMeanwhile(task);
        rows.untilSentAgain(flink::killTaskManager);
        killControlPlane(task);
        killJobManager();
        killWholeCluster();
        assertThat(cdc.state(task)).isEqualTo("Running");

        cdc.delete(task);
        Await.until("the job to end", BOUND, () -> flink.activeJobs().isEmpty());
        assertThat(directory.resolve("cdc/data/checkpoints").resolve(task)).doesNotExist();
        plane.close();
        runByHand();
        assertExactlyOnce();
    }

    @Test
    @Order(2)
    void todaysJobGoesOnFromEveryStoredSavepoint() throws Exception {
        putSomething(EMPTY_SOURCE);
        for (StoredSavepoint old : StoredSavepoint.all()) {
            goesOnFrom(old);
        }
    }

    /** What Milvus, too, writes there; a root without any key is taken for a wrong one. */
    private void putSomething(String rootPath) throws Exception {
        try (Client etcd = Client.builder().endpoints("http://" + pair.etcd().endpoint()).build()) {
            etcd.getKVClient()
                    .put(
                            ByteSequence.from(rootPath + "/meta/session/id", UTF_8),
                            ByteSequence.from("1", UTF_8))
                    .get();
        }
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

    /** Neither one by hand, nor one of another control plane; the one that runs goes on. */
    private void noOtherJobMayFeedTheTarget(String task) throws Exception {
        List<String> before = flink.activeJobs();
        String second = byHand("second").runInVain();
        try (ControlPlane other =
                ControlPlane.start(
                        ports, directory.resolve("other"), pair.source(), Map.of(), Map.of())) {
            CdcClient its = new CdcClient(other.apiUrl());
            String refused = its.createForEverything(pair.target().uri(), false);
            rows.during(
                    () -> {
                        Await.until("the job to fail", BOUND, () -> flink.hasFailed(second));
                        Await.until(
                                "the task to be paused",
                                BOUND,
                                () -> its.state(refused).equals("Paused"));
                    });
            assertThat(flink.failure(second))
                    .contains("is fed by another job from this source: task " + task);
            assertThat(its.reason(refused))
                    .contains("is fed by another job from this source: task " + task)
                    .contains(before.get(0))
                    .doesNotContain(SECRET);
        }
        assertThat(flink.activeJobs()).isEqualTo(before);
        assertThat(flink.failure(before.get(0))).as("of the job that runs").isEmpty();
        assertThat(cdc.state(task)).isEqualTo("Running");
    }

    private void pauseAndResume(String task) throws Exception {
        rows.aheadOfTicks(
                () -> {
                    cdc.pause(task);
                    Await.until("the job to end", BOUND, () -> flink.activeJobs().isEmpty());
                    assertThat(cdc.state(task)).isEqualTo("Paused");
                    cdc.resume(task);
                });
    }

    /** The task leaves the control plane by a file, and comes back by a savepoint. */
    private void runByHandMeanwhile(String task) throws Exception {
        cdc.pause(task);
        Await.until("the job to end", BOUND, () -> flink.activeJobs().isEmpty());
        JobByHand byHand = byHand("of-the-store");
        rows.during(
                () -> byHand.run(plane.taskFile(task, directory.resolve("of-the-store/handed"))));
        assertThat(cdc.state(task)).isEqualTo("Paused");
        rows.aheadOfTicks(
                () -> {
                    Path savepoint = byHand.stop();
                    ObjectNode data = new ObjectMapper().createObjectNode().put("task_id", task);
                    data.put("savepoint", savepoint.toUri().toString());
                    assertThat(cdc.send("resume", data).path("code").asInt()).isEqualTo(200);
                });
        assertThat(cdc.state(task)).isEqualTo("Running");
    }

    /** Its job goes on without it, and it finds it again. */
    private void killControlPlane(String task) throws Exception {
        List<String> before = flink.activeJobs();
        assertThat(before).hasSize(1);
        rows.aheadOfTicks(plane.process()::kill9);
        plane.restart();
        assertThat(cdc.state(task)).isEqualTo("Running");
        rows.writeUntilEqual();
        assertThat(flink.activeJobs()).isEqualTo(before);
    }

    /** The TaskManager goes on for a while with the tasks of a job that nobody knows any more. */
    private void killJobManager() throws Exception {
        rows.untilSentAgain(
                () -> {
                    List<String> before = flink.activeJobs();
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
        rows.untilSentAgain(
                () -> {
                    List<String> before = flink.activeJobs();
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

    /** {@code flink run} of the same jar, where the task has ended: rescaled, and twice. */
    private void runByHand() throws Exception {
        JobByHand byHand = byHand("by-hand");
        byHand.run(2, Optional.empty());
        rows.writeUntilEqual();
        rows.aheadOfTicks(
                () -> {
                    Path savepoint = byHand.stop();
                    if (System.getProperty("savepoint.fixture", "").equals("write")) {
                        StoredSavepoint.keep(savepoint);
                    }
                    byHand.run(1, Optional.of(savepoint));
                });
        rows.untilSentAgain(() -> byHand.run(2, Optional.of(byHand.cancel())));
        byHand.cancel();
    }

    private JobByHand byHand(String name) throws IOException {
        return new JobByHand(
                flink,
                directory.resolve(name),
                pair,
                pair.kafka().bootstrapServers(),
                pair.source().options().name());
    }

    /**
     * A job of today goes on from a savepoint of a job of earlier versions, and its own checkpoint
     * holds what that savepoint held. The target, which is another one than that job's, has nothing
     * of it, and no rows come any more.
     */
    private void goesOnFrom(StoredSavepoint old) throws Exception {
        Path below = directory.resolve(old.directory().getFileName());
        CommittedPositions then = StoredSavepoint.positions(old.directory());
        long tick = Tso.of(System.currentTimeMillis(), 0);
        Map<String, Long> ticks = new TreeMap<>(then.readTicks());
        ticks.replaceAll((channel, read) -> tick);
        assertThat(ticks).isNotEmpty();
        assertThat(then.tick()).isPositive();
        try (KafkaServer kafka =
                KafkaServer.start(cache, new FreePorts(), below.resolve("kafka"))) {
            OldQueue.write(kafka.bootstrapServers(), old.offsets(), ticks.keySet(), tick);
            JobByHand byHand =
                    new JobByHand(flink, below, pair, kafka.bootstrapServers(), EMPTY_SOURCE);
            byHand.run(1, Optional.of(old.directory()));
            Await.until(
                    "a checkpoint with what was read behind " + old,
                    BOUND,
                    () ->
                            StoredSavepoint.positions(byHand.newestCheckpoint())
                                    .readTicks()
                                    .entrySet()
                                    .containsAll(ticks.entrySet()));
            assertThat(StoredSavepoint.positions(byHand.stop()).tick())
                    .isGreaterThanOrEqualTo(then.tick());
        }
    }

    private void assertExactlyOnce() {
        ExactlyOnceVerdict verdict = PairChecks.verdict(pair);
        System.out.println("Session cluster: " + verdict);
        assertThat(verdict.findings()).as("%s", verdict).isEmpty();
    }
}

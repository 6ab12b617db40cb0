// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.Checked;
import io.milvuscdc.e2e.PairChecks;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.page.LivePage;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.ControlPlane.EtcdStore;
import io.milvuscdc.e2e.servers.ControlPlane.Ways;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two control planes over one store, of which the first is killed, and then several clients at once
 * at the one that's left, over a real pair; then its status page and its metrics.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ControlPlanesITCase {

    private static final Duration BOUND = Await.PATIENCE;
    private static final int ROWS = 20;
    private static final int CLIENTS = 4;
    private static final int REQUESTS = 60;

    private final long seed = Long.getLong("milvuscdc.test.seed", 1);
    private final ObjectMapper json = new ObjectMapper();
    private final CollectionSchema schema = SampleSchemas.small(8);
    private Path data;
    private MilvusPair pair;
    private ControlPlane first;
    private ControlPlane second;
    private MilvusSession session;

    @BeforeAll
    void startServers() {
        Path directory = ServerDirectory.of("planes");
        data = directory.resolve("first").resolve("data");
        FreePorts ports = new FreePorts();
        pair = MilvusPair.start(ServerCache.fetch(), directory);
        session = MilvusSession.open(pair.source().uri());
        Ways ways = Ways.of(pair.source()).with(new EtcdStore(pair.etcd().endpoint(), "planes"));
        first =
                ControlPlane.start(
                        ports, directory.resolve("first"), pair.source(), ways, Map.of(), Map.of());
        second =
                ControlPlane.startBeside(
                        ports, directory.resolve("second"), data, pair.source(), ways);
    }

    @AfterAll
    void stopServers() {
        Stream.of(second, first, session, pair).forEach(ControlPlanesITCase::close);
    }

    private static void close(AutoCloseable part) {
        if (part != null) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    @Order(1)
    void oneLeadsAndWhenItIsKilledTheOtherOneGoesOnExactlyOnce() throws Exception {
        make("c");
        CdcClient cdc = new CdcClient(first.apiUrl());
        assertTargetIsFit(cdc);
        String task = cdc.createForEverything(pair.target().uri(), false);
        assertThat(Checked.of(cdc, pair.target().uri()).broken())
                .hasEntrySatisfying("task", detail -> assertThat(detail).contains(task));
        AtomicInteger batches = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(batches, stop));
        try {
            Await.until("the second to wait", BOUND, () -> says(second, "Waiting: another"));
            assertThatThrownBy(() -> new CdcClient(second.apiUrl()).state(task))
                    .as("its API doesn't answer")
                    .hasCauseInstanceOf(ConnectException.class);
            awaitMore(batches, 20);
            first.process().kill9();
            awaitMore(batches, 20);
            second.awaitReady();
            assertThat(new CdcClient(second.apiUrl()).state(task)).isEqualTo("Running");
            awaitMore(batches, 20);
        } finally {
            stop.set(true);
            writer.join();
        }
        PairChecks.awaitEqual(pair, BOUND);
        ExactlyOnceVerdict verdict = PairChecks.verdict(pair);
        System.out.println("Second control plane: " + verdict);
        assertThat(verdict.findings()).as("%s", verdict).isEmpty();
        assertThat(verdict.messages()).isPositive();
        new CdcClient(second.apiUrl()).delete(task);
        assertOnlyLeft(Set.of());
    }

    private void assertTargetIsFit(CdcClient cdc) {
        Checked fit = Checked.of(cdc, pair.target().uri());
        assertThat(fit.broken()).isEmpty();
        assertThat(fit.ok()).isTrue();
        assertThat(fit.well())
                .containsEntry("target_version", "the target is a Milvus 2.3.5")
                .containsEntry("source_version", "the source is a Milvus 2.3.5")
                .containsEntry("retention", "the broker removes after 168 h")
                .hasEntrySatisfying("ticks", d -> assertThat(d).startsWith("the source writes"))
                .hasEntrySatisfying("clock", d -> assertThat(d).startsWith("the source's clock is"))
                .hasEntrySatisfying("etcd", d -> assertThat(d).contains("1 collections, 1 of them"))
                .containsKeys("target_schemas", "channels", "replicate_channel");

        Checked normal = Checked.of(cdc, pair.source().uri());
        assertThat(normal.ok()).isFalse();
        assertThat(normal.broken())
                .containsOnlyKeys("target")
                .hasEntrySatisfying(
                        "target", detail -> assertThat(detail).contains("common.ttMsgEnabled"));
    }

    @Test
    @Order(2)
    void whateverClientsAskForAtOnceTheLastAcceptedRequestHolds() throws Exception {
        CdcClient cdc = new CdcClient(second.apiUrl());
        ManyClients clients = new ManyClients(cdc, pair.target().uri());
        AtomicInteger batches = new AtomicInteger(1_000);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(batches, stop));
        try {
            clients.run(CLIENTS, REQUESTS, seed);
        } finally {
            stop.set(true);
            writer.join();
        }
        System.out.println("Clients at once, seed " + seed + ": " + clients.answers());
        assertThat(clients.undocumented()).isEmpty();
        Map<String, String> states = clients.states();
        Map<String, Set<String>> possible = clients.possibleStates();
        assertThat(states.keySet()).isEqualTo(possible.keySet());
        states.forEach((id, state) -> assertThat(possible.get(id)).as(id).contains(state));
        Set<String> there = new TreeSet<>(states.keySet());
        there.removeIf(id -> states.get(id).equals(ManyClients.ABSENT));
        assertThat(there).hasSizeLessThanOrEqualTo(1);
        assertOnlyLeft(there);

        // where a task was deleted and made again, rows in between are missing; what's new isn't
        there.forEach(cdc::delete);
        assertOnlyLeft(Set.of());
        String last = cdc.createForEverything(pair.target().uri(), false);
        session.dropCollection("c");
        make("c");
        write(new AtomicInteger(), 10);
        PairChecks.awaitEqual(pair, BOUND);
        assertOnlyLeft(Set.of(last));
    }

    @Test
    @Order(3)
    void theStatusPageAndTheMetricsShowTasksAndThePagePausesResumesAndDeletesThem()
            throws Exception {
        first.process().kill9();
        second.awaitReady();
        CdcClient cdc = new CdcClient(second.apiUrl());
        for (JsonNode task : cdc.send("list", json.createObjectNode()).path("data").path("tasks")) {
            cdc.delete(task.path("task_id").asText());
        }
        make("orders");
        // a target has one task; this is the same one by an address that nobody takes for it
        create(cdc, "archive", pair.target().uri().replace("127.0.0.1", "127.0.0.2"), "invoices");
        cdc.pause("archive");
        create(cdc, "standby", pair.target().uri(), "orders", "taken");
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeOrders(stop));
        try {
            LivePage page = new LivePage(second, "standby", "archive");
            page.hasAllMetricsThatAreSpokenOf();
            page.hasFlinksStandardMetrics();
            followsACollectionWhoseNameIsTaken(page);
            page.use(ServerDirectory.of("planes-browser"), "orders");
        } finally {
            stop.set(true);
            writer.join();
        }
        assertOnlyLeft(Set.of("standby"));
    }

    private void followsACollectionWhoseNameIsTaken(LivePage page) throws Exception {
        try (TakenName name = TakenName.of(pair.target().uri(), "taken", schema)) {
            make("taken");
            session.insert("taken", new SampleRows(schema, 0, ROWS, 0));
            page.tellsWhatWaits("taken", "an older collection has its name");
            name.free();
            page.tellsThatNothingWaits("taken", ROWS);
        }
        session.dropCollection("taken");
        page.forgets("taken");
    }

    private void create(CdcClient cdc, String task, String target, String... collections) {
        ObjectNode data = json.createObjectNode().put("task_id", task);
        data.putObject("milvus_connect_param").put("uri", target);
        ArrayNode selected = data.putArray("collection_infos");
        Stream.of(collections).forEach(name -> selected.addObject().put("name", name));
        JsonNode answer = cdc.send("create", data);
        assertThat(answer.path("code").asInt()).as("%s", answer).isEqualTo(200);
    }

    private void writeOrders(AtomicBoolean stop) {
        for (long batch = 0; !stop.get(); batch++) {
            session.insert("orders", new SampleRows(schema, batch * ROWS, ROWS, 0));
            Await.pause(Duration.ofMillis(100));
        }
    }

    private void make(String name) {
        session.createCollection(
                name, schema, MilvusSession.CollectionSettings.plain().withShards(2));
        session.indexVectors(name);
        session.load(name);
    }

    private void write(AtomicInteger batches, AtomicBoolean stop) {
        while (!stop.get()) {
            write(batches, 1);
        }
    }

    private void write(AtomicInteger batches, int count) {
        for (int i = 0; i < count; i++) {
            int batch = batches.getAndIncrement();
            session.insert("c", new SampleRows(schema, (long) batch * ROWS, ROWS, 0));
        }
    }

    private static void awaitMore(AtomicInteger batches, int more) {
        int until = batches.get() + more;
        Await.until(more + " more batches", BOUND, () -> batches.get() >= until);
    }

    private static boolean says(ControlPlane plane, String words) throws Exception {
        return Files.readString(plane.process().log()).contains(words);
    }

    /** Flink runs a job for each running task and no other, and no other task has files. */
    private void assertOnlyLeft(Set<String> tasks) {
        CdcClient cdc = new CdcClient(second.apiUrl());
        Map<String, Integer> wanted = new TreeMap<>();
        for (String task : tasks) {
            if (cdc.state(task).equals("Running")) {
                wanted.put("milvus-cdc " + task, 1);
            }
        }
        Await.until("only jobs of " + wanted, BOUND, () -> activeJobs().equals(wanted));
        for (String kind : Set.of("checkpoints", "savepoints")) {
            Await.until(
                    "no " + kind + " of tasks but " + tasks,
                    BOUND,
                    () -> tasks.containsAll(below(data.resolve(kind))));
        }
    }

    private Map<String, Integer> activeJobs() throws Exception {
        JsonNode jobs =
                json.readTree(URI.create(second.flinkUrl() + "/jobs/overview").toURL())
                        .path("jobs");
        Map<String, Integer> active = new TreeMap<>();
        for (JsonNode job : jobs) {
            if (!Set.of("FINISHED", "CANCELED", "FAILED").contains(job.path("state").asText())) {
                active.merge(job.path("name").asText(), 1, Integer::sum);
            }
        }
        return active;
    }

    private static Set<String> below(Path directory) throws Exception {
        Set<String> names = new TreeSet<>();
        if (Files.exists(directory)) {
            try (Stream<Path> children = Files.list(directory)) {
                children.forEach(child -> names.add(child.getFileName().toString()));
            }
        }
        return names;
    }
}

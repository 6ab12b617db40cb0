// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.e2e.PairChecks;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.queue.ExactlyOnceChecker;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict;
import io.milvuscdc.e2e.queue.KafkaQueueReader;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.queue.QueuedMessage;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A task that goes on where another one has stopped, while rows keep coming: every message is at
 * the target exactly once, and none behind a tick.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HandoverITCase {

    private static final Duration BOUND = Await.PATIENCE;
    private static final String STORE = "handover";
    private static final int ROWS = 20;

    /** Batches before and after a step. */
    private static final int SOME = 30;

    private final ObjectMapper json = new ObjectMapper();
    private final CollectionSchema schema = SampleSchemas.small(8);
    private MilvusPair pair;
    private Path data;
    private ControlPlane plane;
    private CdcClient cdc;
    private MilvusSession session;
    private Client etcd;

    @BeforeAll
    void startServers() {
        Path directory = ServerDirectory.of("handover");
        data = directory.resolve("cdc").resolve("data");
        pair = MilvusPair.start(ServerCache.fetch(), directory);
        etcd = Client.builder().endpoints("http://" + pair.etcd().endpoint()).build();
        session = MilvusSession.open(pair.source().uri());
        plane =
                ControlPlane.start(
                        new FreePorts(),
                        directory.resolve("cdc"),
                        pair.source(),
                        Ways.of(pair.source()).with(new EtcdStore(pair.etcd().endpoint(), STORE)),
                        Map.of(),
                        Map.of());
        cdc = new CdcClient(plane.apiUrl());
    }

    @AfterAll
    void stopServers() {
        if (plane != null) {
            plane.close();
        }
        if (session != null) {
            session.close();
            etcd.close();
        }
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    void aTaskCreatedAtTheAnsweredPositionsGoesOnExactlyOnce() throws Exception {
        List<String> names = List.of("a1", "a2");
        names.forEach(this::make);
        String first = create(names, Map.of());
        try (Trickle trickle = new Trickle(names, 0)) {
            trickle.awaitMore(SOME);
            Map<Long, Map<String, ChannelPosition>> positions = stoppedAt(first, names);
            assertThat(cdc.send("create", request(List.of("a2"), Map.of())).toString())
                    .as("while the first is there")
                    .contains("\"code\":400", "task " + first + " ");
            losesItsCheckpoints(first);
            cdc.delete(first);
            trickle.awaitMore(SOME);

            // one channel's place long before what is done: only the timestamp tells what that is
            ChannelPosition moved = positions.values().iterator().next().values().iterator().next();
            Map<String, Map<String, String>> given = new TreeMap<>();
            List<Long> ids = new ArrayList<>(positions.keySet());
            for (int i = 0; i < names.size(); i++) {
                long id = ids.get(i);
                Map<String, String> ofCollection = new TreeMap<>();
                positions
                        .get(id)
                        .forEach(
                                (channel, at) ->
                                        ofCollection.put(
                                                channel + "_" + id + "v0",
                                                (at.equals(moved) ? atBeginning(at) : at)
                                                        .toBase64(MqMessageIds.KAFKA)));
                given.put(names.get(i), ofCollection);
            }
            String second = create(names, given);
            trickle.awaitMore(SOME);
            trickle.stop();
            verify();
            cdc.delete(second);
        }
    }

    @Test
    void aTaskOfTheGoToolGoesOnExactlyOnce() throws Exception {
        List<String> names = List.of("g1", "g2");
        names.forEach(this::make);
        String first = create(names, Map.of());
        // the Go tool has handled each channel up to a tick of its own; ours may be ahead of it, up
        // to the committed one, so nobody writes until it has stopped
        Trickle before = new Trickle(names, 0);
        before.awaitMore(SOME);
        before.stop();
        PairChecks.awaitEqual(pair, BOUND);
        Map<Long, Map<String, ChannelPosition>> positions = stoppedAt(first, names);
        cdc.delete(first);
        assertThat(plane.stop()).isIn(0, 143);
        int heldBack = 0;
        for (Map.Entry<Long, Map<String, ChannelPosition>> of : positions.entrySet()) {
            Map<String, Long> offsets = new TreeMap<>();
            for (ChannelPosition at : of.getValue().values()) {
                long offset = lastRow(at);
                heldBack += offset == at.position().entry() ? 0 : 1;
                offsets.put(at.channel(), offset);
            }
            put("task_position/go/" + of.getKey(), goPositions(of.getKey(), offsets));
        }
        put("task_info/go", goTask(names));
        try (Trickle trickle = new Trickle(names, before.batches.get())) {
            trickle.awaitMore(SOME);

            plane.launch();
            plane.awaitReady();
            assertThat(cdc.state("go")).isEqualTo("Running");
            trickle.awaitMore(SOME);
            trickle.stop();
            System.out.printf("Takeover: %d positions at a row before their tick; ", heldBack);
            verify();
            cdc.delete("go");
        }
    }

    private void make(String name) {
        session.createCollection(
                name, schema, MilvusSession.CollectionSettings.plain().withShards(2));
        session.indexVectors(name);
        session.load(name);
    }

    private String create(List<String> names, Map<String, Map<String, String>> positions) {
        JsonNode answer = cdc.send("create", request(names, positions));
        assertThat(answer.path("code").asInt()).as("%s", answer).isEqualTo(200);
        return answer.path("data").path("task_id").asText();
    }

    private ObjectNode request(List<String> names, Map<String, Map<String, String>> positions) {
        ObjectNode data = json.createObjectNode();
        data.putObject("milvus_connect_param")
                .put("uri", pair.target().uri())
                .put("connect_timeout", 10);
        for (String name : names) {
            ObjectNode entry = data.withArray("collection_infos").addObject().put("name", name);
            if (positions.containsKey(name)) {
                entry.set("positions", json.valueToTree(positions.get(name)));
            }
        }
        return data;
    }

    /**
     * Pauses the task once it has replicated some rows; its positions by collection and channel.
     */
    private Map<Long, Map<String, ChannelPosition>> stoppedAt(String task, List<String> names) {
        try (MilvusReader target = MilvusReader.ofTarget(pair.target().uri())) {
            for (String name : names) {
                Await.until(
                        "rows of " + name + " at the target",
                        BOUND,
                        () -> target.collection("default", name, false).count().orElse(0L) >= ROWS);
            }
        }
        cdc.pause(task);
        Map<Long, Map<String, ChannelPosition>> positions = new TreeMap<>();
        JsonNode answer = cdc.send("position", json.createObjectNode().put("task_id", task));
        for (JsonNode position : answer.path("data").path("positions")) {
            long collection = position.path("collection_id").asLong();
            if (collection > 0) {
                ChannelPosition at =
                        ChannelPosition.ofBase64(
                                position.path("msg_id").asText(), MqMessageIds.KAFKA);
                assertThat(at.timestamp()).isPositive();
                positions
                        .computeIfAbsent(collection, id -> new TreeMap<>())
                        .put(position.path("channel_name").asText(), at);
            }
        }
        for (JsonNode position : answer.path("data").path("target_positions")) {
            ChannelPosition at =
                    ChannelPosition.ofBase64(position.path("msg_id").asText(), MqMessageIds.KAFKA);
            String channel = position.path("channel_name").asText();
            assertThat(read(List.of(channel)).get(channel))
                    .as("the target's channel %s at its position %s", channel, at)
                    .anyMatch(m -> m.position().entry() == at.position().entry() && m.hasRows());
        }
        assertThat(answer.path("data").path("target_positions")).hasSizeGreaterThanOrEqualTo(4);
        assertThat(positions).hasSize(2).allSatisfy((id, at) -> assertThat(at).hasSize(2));
        return positions;
    }

    /** What was noted when it stopped is as exact as the savepoint was. */
    private void losesItsCheckpoints(String task) throws Exception {
        ByteSequence key = ByteSequence.from(STORE + "/task_info/" + task, UTF_8);
        Await.until(
                "its end is stored",
                BOUND,
                () ->
                        etcd.getKVClient().get(key).get().getKvs().stream()
                                .anyMatch(
                                        kv ->
                                                kv.getValue()
                                                        .toString()
                                                        .contains("\"over\" : true")));
        ObjectNode request = json.createObjectNode().put("task_id", task);
        JsonNode before = cdc.send("position", request);
        int lost = 0;
        for (String kind : List.of("checkpoints", "savepoints")) {
            try (Stream<Path> files = Files.walk(data.resolve(kind).resolve(task))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                    lost++;
                }
            }
        }
        assertThat(lost).isPositive();
        JsonNode after = cdc.send("position", request);
        assertThat(after.path("data").path("stored").path("why").asText()).contains("is left");
        ((ObjectNode) after.path("data")).remove("stored");
        assertThat(after).isEqualTo(before);
    }

    private static ChannelPosition atBeginning(ChannelPosition at) {
        return new ChannelPosition(at.channel(), MqPosition.ofKafkaOffset(0), at.timestamp());
    }

    /**
     * Where the Go tool's position may be, too: at a row before the tick that it has handled. A row
     * may stand before a tick that it's newer than; a position there belongs to the tick behind.
     */
    private long lastRow(ChannelPosition tick) {
        long offset = tick.position().entry();
        long newest = 0;
        long row = -1;
        for (QueuedMessage message : read(List.of(tick.channel())).get(tick.channel())) {
            if (message.position().entry() > tick.position().entry()) {
                break;
            }
            if (message.hasRows()) {
                newest = Math.max(newest, message.lastRowTs());
                row = message.position().entry();
            } else if (message.isTick() && row >= 0) {
                offset = message.timestamp() >= newest ? row : tick.position().entry();
                row = -1;
            }
        }
        return offset;
    }

    private String goPositions(long collection, Map<String, Long> offsets) {
        ObjectNode channels = json.createObjectNode();
        offsets.forEach(
                (channel, offset) -> {
                    ObjectNode position = channels.putObject(channel);
                    position.put("StartTime", 0)
                            .put("Time", System.currentTimeMillis())
                            .put("Dropped", false);
                    position.putObject("DataPair")
                            .put("key", channel)
                            .put(
                                    "data",
                                    Base64.getEncoder()
                                            .encodeToString(
                                                    MqMessageIds.KAFKA
                                                            .encode(
                                                                    MqPosition.ofKafkaOffset(
                                                                            offset))
                                                            .toByteArray()));
                });
        ObjectNode value = json.createObjectNode();
        value.put("TaskID", "go").put("CollectionID", collection).put("CollectionName", "c");
        value.set("Positions", channels);
        value.set("OpPositions", channels);
        value.putObject("TargetPositions");
        return value.toString();
    }

    private String goTask(List<String> names) {
        ObjectNode task = json.createObjectNode();
        ObjectNode target = task.put("TaskID", "go").putObject("MilvusConnectParam");
        target.put("host", "").put("port", 0).put("enable_tls", false);
        target.put("uri", pair.target().uri()).put("connect_timeout", 10);
        target.put("channel_num", 0).put("ignore_partition", false).putObject("dial_config");
        ObjectNode kafka = task.putObject("KafkaConnectParam");
        kafka.put("address", "").put("topic", "").put("enable_sasl", false).putObject("sasl");
        task.putObject("WriterCacheConfig").put("period", 0).put("size", 0);
        task.putNull("CollectionInfos").putNull("NameMapping").putNull("ExcludeCollections");
        for (String name : names) {
            task.withObject("/DBCollections")
                    .withArray("default")
                    .addObject()
                    .put("name", name)
                    .put("use_start_position", false)
                    .putNull("positions");
        }
        task.putObject("RPCRequestChannelInfo").put("name", "").put("position", "");
        task.putObject("ExtraInfo").put("enable_user_role", false);
        return task.put("DisableAutoStart", false).put("State", 1).put("Reason", "").toString();
    }

    private void put(String key, String value) throws Exception {
        etcd.getKVClient()
                .put(ByteSequence.from(STORE + "/" + key, UTF_8), ByteSequence.from(value, UTF_8))
                .get();
    }

    private void verify() {
        PairChecks.awaitEqual(pair, BOUND);
        ExactlyOnceVerdict verdict =
                ExactlyOnceChecker.check(
                        read(pchannels(pair.source().options().name())),
                        read(pchannels(pair.target().options().name())));
        System.out.println("Handover: " + verdict);
        assertThat(verdict.findings()).as("%s", verdict).isEmpty();
        assertThat(verdict.messages()).isPositive();
    }

    private List<String> pchannels(String cluster) {
        try (QueueReader queues = new KafkaQueueReader(pair.kafka().bootstrapServers())) {
            return List.copyOf(queues.pchannels(cluster));
        }
    }

    private Map<String, List<QueuedMessage>> read(List<String> topics) {
        try (QueueReader queues = new KafkaQueueReader(pair.kafka().bootstrapServers())) {
            return queues.readAll(topics);
        }
    }

    /** Writes to some collections, batch after batch, until it's stopped. */
    private final class Trickle implements AutoCloseable {
        private final List<String> names;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicInteger batches;
        private final CompletableFuture<Void> running;

        /**
         * @param firstBatch which keys come first
         */
        Trickle(List<String> names, int firstBatch) {
            this.names = names;
            this.batches = new AtomicInteger(firstBatch);
            this.running = CompletableFuture.runAsync(this::write);
        }

        private void write() {
            while (!stopped.get()) {
                int batch = batches.getAndIncrement();
                for (String name : names) {
                    SampleRows rows = new SampleRows(schema, (long) batch * ROWS, ROWS, 0);
                    session.insert(name, rows);
                    if (batch > 0) {
                        long before = (long) (batch - 1) * ROWS;
                        session.upsert(name, new SampleRows(schema, before, 3, batch));
                        session.delete(
                                name, "", new SampleRows(schema, before + 3, 1, 0).keyLiterals());
                    }
                }
            }
        }

        void awaitMore(int more) {
            int until = batches.get() + more;
            Await.until(
                    more + " more batches",
                    BOUND,
                    () -> batches.get() >= until,
                    () ->
                            running.isDone()
                                    ? Optional.of("the writer has ended: " + running)
                                    : Optional.empty());
        }

        void stop() {
            stopped.set(true);
            running.join();
        }

        @Override
        public void close() {
            stop();
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.e2e.Checked;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.PulsarServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.SourceQueue;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A task's life with a source on a Pulsar whose ledgers are short and which keeps nothing that no
 * subscription needs: what is written while the task is paused, or its control plane killed, is
 * there because the task's subscription holds it, and that goes with the task.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PulsarTaskITCase {

    private static final Duration BOUND = Await.PATIENCE;
    private static final String ROWS = "rows";
    private static final CollectionSchema SCHEMA = SampleSchemas.small(8);

    private MilvusPair pair;
    private ControlPlane plane;
    private PulsarChannels broker;
    private SourceChannels channels;
    private MilvusSession source;
    private MilvusReader target;
    private CdcClient cdc;
    private Set<String> pchannels = Set.of();
    private int written;

    @BeforeAll
    void startServers() throws Exception {
        Path directory = ServerDirectory.of("pulsar-task");
        SourceQueue queue =
                SourceQueue.of(
                        PulsarServer.Options.usual()
                                .with("managedLedgerMaxEntriesPerLedger", 30)
                                .with("managedLedgerMinLedgerRolloverTimeMinutes", 0));
        pair = MilvusPair.start(ServerCache.fetchFor(queue), directory, queue);
        plane =
                ControlPlane.start(
                        new FreePorts(),
                        directory.resolve("cdc"),
                        pair.source(),
                        Map.of(),
                        Map.of());
        cdc = new CdcClient(plane.apiUrl());
        broker = new PulsarChannels((PulsarServer) pair.broker(), pair.source().options().name());
        channels = broker.channels();
        source = MilvusSession.open(pair.source().uri());
        target = MilvusReader.ofTarget(pair.target().uri());
    }

    @AfterAll
    void stopServers() throws Exception {
        if (source != null) {
            target.close();
            source.close();
            broker.close();
        }
        if (plane != null) {
            plane.close();
        }
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    void aTaskLosesNothingWhilePausedOrKilledAndLeavesNothingBehind() throws Exception {
        source.createCollection(ROWS, SCHEMA, CollectionSettings.plain().withShards(2));
        source.indexVectors(ROWS);
        source.load(ROWS);
        pchannels = pchannels();
        write(100);
        Checked fit = Checked.of(cdc, pair.target().uri());
        aFailedCreateTakesNothingFromAJobByHand();
        assertThat(fit.broken()).isEmpty();
        assertThat(fit.well())
                .containsEntry(
                        "retention",
                        "what the task hasn't read isn't removed by time (on Pulsar: unless its"
                                + " namespace has a message TTL or lets subscriptions expire)")
                .containsKeys("channels", "ticks");
        String task = cdc.createForEverything(pair.target().uri(), false);
        write(1_000);
        awaitRows(1_000);

        cdc.pause(task);
        awaitState(task, "Paused");
        write(500);
        awaitNewLedgers();
        cdc.resume(task);
        awaitRows(1_500);

        cdc.pause(task);
        awaitState(task, "Paused");
        plane.restart();
        write(300);
        assertThat(cdc.state(task)).isEqualTo("Paused");
        cdc.resume(task);
        awaitRows(1_800);

        plane.process().kill9();
        write(200);
        awaitNewLedgers();
        plane.restart();
        awaitRows(2_000);
        assertThat(cdc.state(task)).isEqualTo("Running");

        // for the time between one task and the next
        for (String pchannel : pchannels) {
            broker.keep(pchannel);
        }
        write(50);
        awaitRows(2_050);
        cdc.pause(task);
        awaitState(task, "Paused");
        JsonNode positions = positions(task);
        write(50);
        assertThat(subscriptions())
                .contains(PulsarQueue.subscription(task))
                .noneMatch(name -> name.endsWith(".new"));
        cdc.delete(task);
        awaitNoSubscriptionOfATask();

        String successor = createAt(positions);
        awaitRows(2_100);
        assertThat(subscriptions()).contains(PulsarQueue.subscription(successor));
        Map<String, MqPosition> held = begins();
        cdc.delete(successor);
        awaitNoSubscriptionOfATask();
        // shows that the broker would have removed it all along
        for (String pchannel : pchannels) {
            broker.clearBacklog(pchannel, "another");
        }
        awaitNewLedgers();
        for (String pchannel : pchannels) {
            broker.clearBacklog(pchannel, "another");
        }
        Await.until("the broker to remove what nobody needs any more", BOUND, () -> isPassed(held));
    }

    private void aFailedCreateTakesNothingFromAJobByHand() throws Exception {
        String id = "by-hand";
        channels.queue().hold(channels, id);
        Set<String> before = subscriptions();
        String pchannel = pchannels.iterator().next();
        ObjectNode data = new ObjectMapper().createObjectNode().put("task_id", id);
        data.putObject("milvus_connect_param")
                .put("uri", pair.target().uri())
                .put("connect_timeout", 10);
        data.putArray("collection_infos")
                .addObject()
                .put("name", ROWS)
                .putObject("positions")
                .put(
                        // of no collection that there is
                        pchannel + "_1v0",
                        new ChannelPosition(pchannel, new MqPosition(1, 0), 0)
                                .toBase64(MqMessageIds.PULSAR));

        JsonNode answer = cdc.send("create", data);

        assertThat(answer.path("message").asText()).contains("fail to find where to start reading");
        assertThat(before).contains(PulsarQueue.subscription(id));
        assertThat(subscriptions()).isEqualTo(before);
        channels.queue().release(channels, id);
    }

    private void awaitNoSubscriptionOfATask() {
        Await.until(
                "the deleted task's subscription to be gone",
                BOUND,
                () ->
                        subscriptions().stream()
                                .noneMatch(name -> name.startsWith(PulsarQueue.subscription(""))));
    }

    private Set<String> pchannels() throws IOException {
        EtcdConfig etcd =
                new EtcdConfig(List.of(pair.etcd().endpoint()), pair.source().metaRoot(), "", "");
        try (SourceCatalogue catalogue = SourceCatalogue.open(etcd)) {
            return catalogue.collections().stream()
                    .filter(collection -> collection.name().equals(ROWS))
                    .flatMap(collection -> collection.vchannels().stream())
                    .map(vchannel -> vchannel.substring(0, vchannel.lastIndexOf('_')))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void write(int rows) {
        source.insert(ROWS, new SampleRows(SCHEMA, written, rows, 0));
        written += rows;
    }

    /** Since the task began: those before it aren't replicated. */
    private void awaitRows(long expected) {
        Await.until(
                expected + " rows at the target",
                BOUND,
                () -> target.collection("default", ROWS, false).count().orElse(0L) == expected);
    }

    private void awaitState(String task, String state) {
        Await.until("the task to be " + state, BOUND, () -> cdc.state(task).equals(state));
    }

    /** Waits until every pchannel has gone on to another ledger, twice, so that one may go. */
    private void awaitNewLedgers() throws IOException {
        try (ChannelEnds ends = channels.queue().ends(channels)) {
            for (int round = 0; round < 2; round++) {
                Map<String, MqPosition> before = pchannelsOf(ends.ends());
                Await.until(
                        "new ledgers",
                        BOUND,
                        () -> {
                            Map<String, MqPosition> now = ends.ends();
                            return before.entrySet().stream()
                                    .allMatch(
                                            e ->
                                                    now.get(e.getKey()).ledger()
                                                            > e.getValue().ledger());
                        });
            }
        }
    }

    private Map<String, MqPosition> begins() throws IOException {
        try (ChannelEnds ends = channels.queue().ends(channels)) {
            return pchannelsOf(ends.begins());
        }
    }

    private boolean isPassed(Map<String, MqPosition> positions) throws IOException {
        Map<String, MqPosition> now = begins();
        return positions.entrySet().stream()
                .allMatch(e -> now.get(e.getKey()).compareTo(e.getValue()) > 0);
    }

    /** Without those that have no ticks, as no collection is on them. */
    private Map<String, MqPosition> pchannelsOf(Map<String, MqPosition> all) {
        all.keySet().retainAll(pchannels);
        assertThat(all).hasSize(2);
        return all;
    }

    private Set<String> subscriptions() throws IOException, InterruptedException {
        Set<String> all = new TreeSet<>();
        for (String channel : pchannels) {
            new ObjectMapper()
                    .readTree(broker.stats(channel, "subscriptions"))
                    .forEach(name -> all.add(name.asText()));
        }
        return all;
    }

    private JsonNode positions(String task) {
        ObjectNode data = new ObjectMapper().createObjectNode().put("task_id", task);
        JsonNode answer = cdc.send("position", data);
        assertThat(answer.path("code").asInt()).as("%s", answer).isEqualTo(200);
        return answer.path("data").path("positions");
    }

    /** A task of the one collection that goes on where the other one was paused. */
    private String createAt(JsonNode positions) {
        ObjectNode data = new ObjectMapper().createObjectNode();
        data.putObject("milvus_connect_param")
                .put("uri", pair.target().uri())
                .put("connect_timeout", 10);
        ObjectNode begin =
                data.putArray("collection_infos")
                        .addObject()
                        .put("name", ROWS)
                        .putObject("positions");
        for (JsonNode position : positions) {
            long collection = position.path("collection_id").asLong();
            if (collection > 0) {
                begin.put(
                        position.path("channel_name").asText() + "_" + collection + "v0",
                        position.path("msg_id").asText());
            }
        }
        assertThat(begin).hasSize(2);
        JsonNode answer = cdc.send("create", data);
        assertThat(answer.path("code").asInt()).as("%s", answer).isEqualTo(200);
        return answer.path("data").path("task_id").asText();
    }
}

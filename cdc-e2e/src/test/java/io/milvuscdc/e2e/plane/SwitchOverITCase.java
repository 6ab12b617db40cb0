// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.MilvusServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.RefusedException;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The standby takes the source's place, as docs/operations.md says, and then has the old source as
 * its standby: rows from before and after the switch are changed by whoever leads, and both are
 * equal in the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SwitchOverITCase {

    private static final Duration BOUND = Await.PATIENCE;
    private static final String ROWS = "rows";
    private static final CollectionSchema SCHEMA = SampleSchemas.small(8);

    private final FreePorts ports = new FreePorts();
    private Path directory;
    private MilvusPair pair;

    @BeforeAll
    void startServers() {
        directory = ServerDirectory.of("switch-over");
        pair = MilvusPair.start(ServerCache.fetch(), directory);
    }

    @AfterAll
    void stopServers() throws Exception {
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    void theStandbyLeadsAndTheOldSourceFollows() throws Exception {
        try (MilvusSession left = MilvusSession.open(pair.source().uri());
                MilvusSession right = MilvusSession.open(pair.target().uri())) {
            replicateAndStop(left);

            lead(pair.target());
            awaitWritable(right);
            right.delete(ROWS, "", List.of("0", "1", "2"));
            assertThat(countOf(MilvusReader.ofSource(pair.target().uri()))).isEqualTo(997 + 1);

            follow(pair.source());
            replicateBack(right);
        }
    }

    private void replicateAndStop(MilvusSession source) throws Exception {
        try (ControlPlane plane = plane("there", pair.source())) {
            CdcClient cdc = new CdcClient(plane.apiUrl());
            String task = cdc.createForEverything(pair.target().uri(), false);
            source.createCollection(ROWS, SCHEMA, CollectionSettings.plain().withShards(2));
            source.indexVectors(ROWS);
            source.load(ROWS);
            source.insert(ROWS, new SampleRows(SCHEMA, 0, 1_000, 0));
            awaitEqual(pair.source(), pair.target());
            source.flush(ROWS);
            cdc.pause(task);
            Await.until("the task to pause", BOUND, () -> cdc.state(task).equals("Paused"));
            cdc.delete(task);
        }
    }

    private void replicateBack(MilvusSession leader) throws Exception {
        try (ControlPlane plane = plane("back", pair.target())) {
            new CdcClient(plane.apiUrl()).createForEverything(pair.source().uri(), false);
            // what was written between the switch and this task isn't replicated
            leader.delete(ROWS, "", List.of("0", "1", "2"));
            leader.upsert(ROWS, new SampleRows(SCHEMA, 1_000, 1, 0));
            leader.insert(ROWS, new SampleRows(SCHEMA, 2_000, 500, 1));
            leader.delete(ROWS, "", List.of("3", "2001"));
            leader.createCollection("made_later", SCHEMA, CollectionSettings.plain());
            leader.indexVectors("made_later");
            leader.load("made_later");
            leader.insert("made_later", new SampleRows(SCHEMA, 0, 200, 2));

            awaitEqual(pair.target(), pair.source());
        }
    }

    private ControlPlane plane(String name, MilvusServer from) {
        return ControlPlane.start(ports, directory.resolve(name), from, Map.of(), Map.of());
    }

    /** Without a restart, which a Milvus before 2.4.6 may lose rows by. */
    private void lead(MilvusServer standby) throws Exception {
        setting(standby, "common.ttMsgEnabled", "true");
    }

    /** With a restart: before 2.4.18 a setting that changes while it runs isn't heeded fully. */
    private void follow(MilvusServer old) throws Exception {
        setting(old, "common.ttMsgEnabled", "false");
        old.restart();
    }

    private void setting(MilvusServer milvus, String key, String value) throws Exception {
        ByteSequence at = bytes(milvus.options().name() + "/config/" + key);
        try (Client client =
                        Client.builder().endpoints("http://" + pair.etcd().endpoint()).build();
                KV keys = client.getKVClient()) {
            keys.put(at, bytes(value)).get(10, TimeUnit.SECONDS);
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    /** Milvus looks for new settings every 5 s. */
    private static void awaitWritable(MilvusSession leader) {
        Await.until(
                "the new leader to take a row",
                BOUND,
                () -> {
                    try {
                        leader.insert(ROWS, new SampleRows(SCHEMA, 1_000, 1, 0));
                        return true;
                    } catch (RefusedException e) {
                        return false;
                    }
                });
    }

    private static long countOf(MilvusReader reader) {
        try (reader) {
            return reader.collection("default", ROWS, false).count().orElseThrow();
        }
    }

    private static void awaitEqual(MilvusServer leader, MilvusServer standby) {
        try (MilvusReader source = MilvusReader.ofSource(leader.uri());
                MilvusReader target = MilvusReader.ofTarget(standby.uri())) {
            ContentComparison comparison = ContentComparer.awaitEqual(source, target, BOUND);
            assertThat(comparison.differences()).isEmpty();
            assertThat(comparison.notCompared()).isEmpty();
        }
    }
}

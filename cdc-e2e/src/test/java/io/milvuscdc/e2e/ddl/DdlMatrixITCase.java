// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.e2e.servers.SourceQueue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every supported change of a real source arrives at a real target. One pair of servers and one job
 * for all scenarios, because they take a while to start; each has databases of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ParameterizedClass
@ValueSource(strings = {"kafka", "pulsar"})
final class DdlMatrixITCase
        implements FieldTypeScenarios,
                RowScenarios,
                PartitionScenarios,
                DatabaseScenarios,
                RecreateScenarios,
                IndexAndLoadScenarios,
                AliasAndNameScenarios {

    /** Rows and what is ordered against them. All else comes from etcd, and from there only. */
    private static final Set<Class<?>> PASS_THE_QUEUE =
            Set.of(
                    DdlMatrixITCase.class,
                    RowScenarios.class,
                    PartitionScenarios.class,
                    RecreateScenarios.class);

    private static final int FIRST = 1;
    private static final int SECOND = 2;
    private static final int LAST_BUT_ONE = Integer.MAX_VALUE - 1;
    private static final int LAST = Integer.MAX_VALUE;

    @Parameter String queue;

    private ReplicatedPair replicated;
    private SourceDatabase older;
    private SourceCollection olderRows;

    @BeforeParameterizedClassInvocation
    void startServersAndTask() throws Exception {
        replicated =
                ReplicatedPair.start(
                        "ddl-matrix-" + queue,
                        new Configuration(),
                        SourceQueue.named(queue),
                        options -> options);
        makeWhatIsOlderThanTheTask();
        replicated.startTask(true);
    }

    @AfterParameterizedClassInvocation
    void stop() throws Exception {
        if (replicated != null) {
            replicated.close();
        }
    }

    @BeforeEach
    void onPulsarOnlyWhatPassesTheQueue(TestInfo test) {
        Class<?> kind = test.getTestMethod().orElseThrow().getDeclaringClass();
        assumeThat(queue.equals("kafka") || PASS_THE_QUEUE.contains(kind)).isTrue();
    }

    @Override
    public ReplicatedPair replicated() {
        return replicated;
    }

    private void makeWhatIsOlderThanTheTask() {
        older = replicated.source().createDatabase("older");
        replicated.source().createDatabase("older_and_empty");
        older.create("again", Schemas.varcharKeyAndBinaryVector())
                .insert(SampleRows.of(0, 10))
                .drop();
        older.create("again", Schemas.plain()).insert(SampleRows.of(0, 10)).index().load();
        olderRows =
                older.create("rows", Schemas.dynamic(), request -> request.setShardsNum(2))
                        .createPartition("p")
                        .createPartition("dropped")
                        .insert("p", SampleRows.of(0, 20))
                        .insert("dropped", SampleRows.of(20, 20))
                        .insert(SampleRows.of(40, 20))
                        .dropPartition("dropped")
                        .index()
                        .load()
                        .rename("rows_renamed")
                        .setProperty("collection.ttl.seconds", "86400");
        older.createAlias("rows", olderRows);
        replicated
                .source()
                .defaultDatabase()
                .create("older", Schemas.plain())
                .insert(SampleRows.of(0, 10))
                .index()
                .load();
    }

    @Test
    @Order(FIRST)
    void whatIsOlderThanTheTaskIsReplicatedAndGoesOn() {
        replicated.awaitAllEqual();
        olderRows.insert(SampleRows.of(60, 20)).insert("p", SampleRows.of(80, 5));
        replicated.awaitAllEqual();
    }

    @Test
    @Order(SECOND)
    void pchannelsThatAppearLaterAreReplicated() throws IOException {
        if (queue.equals("kafka")) {
            // on Pulsar all are there from the start
            assertThat(pchannels()).hasSizeLessThan(16);
        }
        SourceDatabase db = newDatabase("more_pchannels");
        List<SourceCollection> made = new ArrayList<>();
        // 20 shards, so that all of Milvus' 16 pchannels are used, and loaded all at once: a target
        // before 2.4.6 stands that only because they are loaded there in turn (milvus issue 34255)
        for (int i = 0; i < 5; i++) {
            made.add(
                    db.create("rows_" + i, Schemas.plain(), request -> request.setShardsNum(4))
                            .insert(SampleRows.of(0, 40))
                            .index());
        }
        made.forEach(SourceCollection::requestLoad);
        made.forEach(SourceCollection::awaitLoaded);
        made.forEach(collection -> collection.insert(SampleRows.of(40, 40)));
        assertThat(pchannels()).hasSize(16);
        endsEqual(db);
    }

    private Set<String> pchannels() throws IOException {
        try (ChannelEnds ends = replicated.channels().queue().ends(replicated.channels())) {
            Map<String, MqPosition> all = ends.ends();
            return all.keySet().stream()
                    .filter(replicated.channels()::isPchannel)
                    .collect(java.util.stream.Collectors.toSet());
        }
    }

    @Test
    @Order(LAST_BUT_ONE)
    void whatChangesWhileTheTaskIsStoppedArrivesWhenItGoesOn() throws Exception {
        SourceDatabase db = newDatabase("stopped");
        SourceDatabase dropped = newDatabase("stopped_dropped");
        SourceCollection kept =
                db.create("kept", Schemas.plain(), request -> request.setShardsNum(2))
                        .createPartition("again")
                        .createPartition("goes")
                        .insert("again", SampleRows.of(0, 20))
                        .insert("goes", SampleRows.of(20, 20))
                        .index()
                        .load();
        SourceCollection again =
                db.create("again", Schemas.plain()).insert(SampleRows.of(0, 20)).index().load();
        SourceCollection renamed =
                db.create("to_be_renamed", Schemas.plain())
                        .insert(SampleRows.of(0, 20))
                        .index()
                        .load();
        SourceCollection reindexed =
                db.create("to_be_indexed", Schemas.plain())
                        .insert(SampleRows.of(0, 20))
                        .index()
                        .load();
        SourceCollection goes = db.create("goes", Schemas.plain()).insert(SampleRows.of(0, 20));
        db.createAlias("moves", kept);
        db.createAlias("goes_too", again);
        replicated.awaitEqual(db, dropped);

        String savepoint = replicated.replication().stop();
        kept.insert(SampleRows.of(40, 20))
                .delete("id in [1, 21, 41]")
                .releasePartitions("again", "goes")
                .dropPartition("goes")
                .dropPartition("again")
                .createPartition("again")
                .createPartition("fresh")
                .insert("again", SampleRows.of(100, 20))
                .insert("fresh", SampleRows.of(120, 20))
                .loadPartitions("again", "fresh")
                .setProperty("collection.ttl.seconds", "86400");
        again.insert(SampleRows.of(20, 20)).drop();
        db.create("again", Schemas.varcharKeyAndBinaryVector()).insert(SampleRows.of(0, 5)).drop();
        db.create("again", Schemas.plain()).insert(SampleRows.of(3, 20).version(1)).index().load();
        renamed.insert(SampleRows.of(20, 5)).rename("renamed").insert(SampleRows.of(30, 5));
        db.create("to_be_renamed", Schemas.dynamic()).insert(SampleRows.of(0, 7)).index().load();
        reindexed
                .release()
                .dropIndex(Schemas.VECTOR, "idx_" + Schemas.VECTOR)
                .index(Schemas.VECTOR, "FLAT", Map.of("metric_type", "IP"));
        goes.drop();
        db.alterAlias("moves", renamed.at("renamed"));
        db.createAlias("fresh_alias", kept);
        dropped.drop();
        SourceDatabase fresh = newDatabase("stopped_fresh");
        fresh.create("rows", Schemas.plain()).insert(SampleRows.of(0, 20)).index().load();

        replicated.resume(savepoint);
        replicated.awaitEqual(db, dropped, fresh);
        kept.insert(SampleRows.of(200, 20));
        endsEqual(db, fresh);
    }

    @Test
    @Order(LAST)
    void whatEveryScenarioDroppedIsGoneAtTheTarget() {
        replicated.awaitAllEqual();
    }
}

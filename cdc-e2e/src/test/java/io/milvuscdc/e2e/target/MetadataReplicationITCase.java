// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.catalogue.LiveProperties;
import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import io.milvuscdc.connectors.message.TimeTicks;
import io.milvuscdc.connectors.target.Adoptions;
import io.milvuscdc.connectors.target.DropExecutor;
import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.connectors.target.MetadataReconciler;
import io.milvuscdc.connectors.target.MetadataReconciler.ReconcileResult;
import io.milvuscdc.connectors.target.TargetCheck;
import io.milvuscdc.connectors.target.TargetClient;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Metadata of a real source made equal at a real standby, without Flink and without rows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MetadataReplicationITCase {

    private static final Duration BOUND = Await.PATIENCE;

    private MilvusPair pair;
    private SourceCatalogue catalogue;
    private LiveProperties properties;
    private TargetClient target;
    private MilvusReader sourceReader;
    private MilvusReader targetReader;
    private SourceDdl ddl;
    private MetadataReconciler reconciler;
    private final List<String> pending = new ArrayList<>();
    private long tick;

    @BeforeAll
    void startServers() throws IOException {
        pair = MilvusPair.start(ServerCache.fetch(), ServerDirectory.of("metadata-replication"));
        EtcdConfig etcd =
                new EtcdConfig(List.of(pair.etcd().endpoint()), pair.source().metaRoot(), "", "");
        catalogue = SourceCatalogue.open(etcd);
        properties = new LiveProperties(etcd);
        target = new TargetClient(config(pair.target().uri()));
        sourceReader = MilvusReader.ofSource(pair.source().uri());
        targetReader = MilvusReader.ofTarget(pair.target().uri());
    }

    @AfterAll
    void stopServers() {
        if (targetReader != null) {
            sourceReader.close();
            targetReader.close();
            target.close();
            catalogue.close();
            properties.close();
        }
        if (pair != null) {
            pair.close();
        }
    }

    @BeforeEach
    void startAsAfterARestart() {
        ddl = new SourceDdl(pair.source().uri(), "default");
        reconciler =
                new MetadataReconciler(
                        target, new CatalogueView(catalogue, properties), new Adoptions());
    }

    @AfterEach
    void closeDdl() {
        ddl.close();
    }

    @Test
    void makesEveryKindOfCollection() {
        try (SourceDdl other = new SourceDdl(pair.source().uri(), "kinds")) {
            other.database();
            other.create(
                    SourceDdl.everyType("all"),
                    2,
                    0,
                    SourceDdl.pair("collection.ttl.seconds", "86400"));
            other.partition("all", "p1");
            other.alias("all", "everything");
            other.flat("all", "ix");
            other.index("all", "i64", "scalar");
            other.load("all");
        }
        ddl.create(
                CollectionSchema.newBuilder()
                        .setName("keyed")
                        .addFields(SourceDdl.key().toBuilder().setAutoID(true))
                        .addFields(SourceDdl.vector())
                        .addFields(
                                SourceDdl.field(102, "k", DataType.VarChar)
                                        .setIsPartitionKey(true)
                                        .addTypeParams(SourceDdl.pair("max_length", "20")))
                        .build(),
                1,
                7);
        ddl.create(
                CollectionSchema.newBuilder()
                        .setName("binary")
                        .addFields(SourceDdl.key())
                        .addFields(
                                SourceDdl.field(101, "v", DataType.BinaryVector)
                                        .addTypeParams(SourceDdl.pair("dim", "16")))
                        .build(),
                1,
                0);

        awaitEqual();
        reconciler =
                new MetadataReconciler(
                        target, new CatalogueView(catalogue, properties), new Adoptions());
        assertThat(reconcile().applied()).isEmpty();
    }

    @Test
    void renamesInACircleAndMovesAliasesAlong() {
        ddl.create("r1");
        ddl.create("r2");
        ddl.alias("r1", "ra");
        awaitEqual();

        ddl.rename("r1", "tmp");
        ddl.rename("r2", "r1");
        ddl.rename("tmp", "r2");
        ddl.alterAlias("r1", "ra");
        awaitEqual();

        ddl.dropAlias("ra");
        ddl.create("ra");
        awaitEqual();
    }

    @Test
    void setsPropertiesAgain() {
        ddl.create("props");
        awaitEqual();

        ddl.properties("props", SourceDdl.pair("collection.ttl.seconds", "60"));
        awaitEqual();
        ddl.properties("props", SourceDdl.pair("collection.ttl.seconds", "90"));
        awaitEqual();
    }

    @Test
    void loadsReleasesAndReplacesIndexes() {
        ddl.create("loads");
        ddl.partition("loads", "p1");
        ddl.partition("loads", "p2");
        ddl.flat("loads", "ix");
        ddl.loadPartitions("loads", "p1");
        awaitEqual();

        ddl.loadPartitions("loads", "p2");
        ddl.releasePartitions("loads", "p1");
        awaitEqual();

        ddl.load("loads");
        ddl.partition("loads", "p3");
        awaitEqual();

        ddl.release("loads");
        ddl.dropIndex("loads", "v", "ix");
        ddl.index(
                "loads",
                "v",
                "hnsw",
                SourceDdl.pair("index_type", "HNSW"),
                SourceDdl.pair("metric_type", "IP"),
                SourceDdl.pair("params", "{\"M\": 8, \"efConstruction\": 64}"));
        ddl.load("loads");
        awaitEqual();

        ddl.release("loads");
        awaitEqual();
    }

    @Test
    void dropsALoadedPartitionAndMakesItAgain() {
        ddl.create("parts");
        ddl.partition("parts", "p1");
        ddl.flat("parts", "ix");
        ddl.load("parts");
        awaitEqual();
        long copy = target.partitions("default", "parts").get("p1").id();
        SourceCollection source = source("parts");

        ddl.releasePartitions("parts", "p1");
        ddl.dropPartition("parts", "p1");
        ddl.partition("parts", "p1");
        DropExecutor drops = new DropExecutor(target, new Adoptions());
        assertThat(drops.dropPartition(source.createTs(), "p1", copy, now())).isTrue();
        assertThat(drops.dropPartition(source.createTs(), "p1", copy, now())).isFalse();
        reconciler.markDirty(Set.of(source.id()));

        awaitEqual();
        assertThat(target.partitions("default", "parts").get("p1").id()).isNotEqualTo(copy);
    }

    @Test
    void dropsALoadedCollectionWithAliasesAndMakesItAgain() {
        ddl.create("again");
        ddl.flat("again", "ix");
        ddl.alias("again", "again_alias");
        ddl.load("again");
        awaitEqual();
        SourceCollection first = source("again");

        ddl.release("again");
        ddl.dropAlias("again_alias");
        ddl.drop("again");
        ddl.create(SourceDdl.everyType("again"), 2, 0);
        Await.until(
                "the new collection to wait for the drop",
                BOUND,
                () -> {
                    reconcile();
                    return pending.stream().anyMatch(text -> text.contains("default.again"));
                });
        DropExecutor drops = new DropExecutor(target, new Adoptions());
        assertThat(drops.dropCollection(first.createTs(), "default", "again", now())).isTrue();
        assertThat(drops.dropCollection(first.createTs(), "default", "again", now())).isFalse();
        reconciler.markDirty(Set.of(first.id()));

        awaitEqual();
        assertThat(target.describe("default", "again").orElseThrow().createdTs())
                .isEqualTo(source("again").createTs());
    }

    @Test
    void dropsADatabase() {
        try (SourceDdl other = new SourceDdl(pair.source().uri(), "gone")) {
            other.database();
            awaitEqual();
            other.dropDatabase();
        }
        awaitEqual();
        assertThat(target.listDatabases()).doesNotContain("gone");
    }

    @Test
    void tellsAStandbyFromANormalInstance() {
        TargetCheck.run(config(pair.target().uri()));

        assertThatThrownBy(() -> TargetCheck.run(config(pair.source().uri())))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("common.ttMsgEnabled");
    }

    private void awaitEqual() {
        List<String> differences = new ArrayList<>();
        try {
            Await.until(
                    "the metadata to be equal",
                    BOUND,
                    () -> {
                        reconcile();
                        differences.clear();
                        differences.addAll(
                                ContentComparer.compare(
                                                sourceReader.outline(), targetReader.outline())
                                        .differences());
                        return differences.isEmpty();
                    });
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "differences " + differences + ", still pending " + pending, e);
        }
    }

    /** One commit: reconcile, then a tick to every channel of a copy, which a load waits for. */
    private ReconcileResult reconcile() {
        reconciler.markDirty(catalogue.drainChangedCollections());
        ReconcileResult result = reconciler.reconcile(Long.MAX_VALUE, tick);
        pending.clear();
        pending.addAll(result.pending());
        tick = now();
        for (String pchannel : result.targetPchannels()) {
            target.replicate(pchannel, tick, tick, List.of(TimeTicks.message(tick))).join();
        }
        return result;
    }

    private SourceCollection source(String name) {
        return catalogue.collections().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long now() {
        return System.currentTimeMillis() << 18;
    }

    private static TargetConfig config(String uri) {
        return TargetConfig.of(uri, "", Duration.ofSeconds(10));
    }

    private record CatalogueView(SourceCatalogue catalogue, LiveProperties properties)
            implements MetadataReconciler.SourceView {

        @Override
        public List<SourceDatabase> databases() {
            return catalogue.databases();
        }

        @Override
        public List<SourceCollection> collections() {
            return catalogue.collections();
        }

        @Override
        public Optional<SourceCollection> collection(long id) {
            return catalogue.collection(id).map(properties::refresh);
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import static io.milvuscdc.connectors.catalogue.MilvusMeta.CREATED;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.CREATING;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.DROPPING;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.TOMBSTONE;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.collection;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.field;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.partition;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldSchema;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinearizableReadsITCase {

    private static final String INFO = "root-coord/database/collection-info/";

    private EtcdProcess etcd;
    private int roots;
    private String root;

    @BeforeAll
    void startEtcd(@TempDir Path directory) throws Exception {
        etcd = new EtcdProcess(directory);
    }

    @AfterAll
    void stopEtcd() throws Exception {
        etcd.close();
    }

    @BeforeEach
    void useAFreshMetaRoot() {
        root = "test-" + roots++ + "/meta";
    }

    private void put(String key, ByteString value) {
        etcd.put(root + "/" + key, value);
    }

    /** As Milvus 2.3 saves: the plain key and a version of it. */
    private void save(String key, long ts, ByteString value) {
        put(key, value);
        put("snapshots/" + key + "_ts" + ts, value);
    }

    @Test
    void seesAPchannelWhoseCollectionWasPutJustBeforeTheCall() throws Exception {
        try (LivePchannels live = new LivePchannels(etcd.config(root))) {
            assertThat(live.refresh()).isEmpty();
            for (int id = 100; id < 150; id++) {
                put(INFO + "1/" + id, collection(id, "c", CREATING, "dml_" + id));
                assertThat(live.refresh()).containsEntry("dml_" + id, id * 10L);
            }
        }
    }

    @Test
    void namesTheOldestCollectionOfAPchannelThatIsNotDropped() throws Exception {
        try (LivePchannels live = new LivePchannels(etcd.config(root))) {
            put(INFO + "1/100", collection(100, "a", CREATED, "dml_0", "dml_1"));
            put("root-coord/collection/200", collection(200, "b", CREATED, "dml_1"));
            assertThat(live.refresh()).isEqualTo(Map.of("dml_0", 1000L, "dml_1", 1000L));
            put(INFO + "1/100", collection(100, "a", DROPPING, "dml_0", "dml_1"));
            assertThat(live.refresh()).isEqualTo(Map.of("dml_1", 2000L));
            put("root-coord/collection/200", TOMBSTONE);
            assertThat(live.refresh()).isEmpty();
        }
    }

    @Test
    void findsACollectionWithItsFieldsAndPartitionsInWhateverDatabase() throws Exception {
        put("root-coord/database/db-info/9", MilvusMeta.database(9, "sales"));
        put(INFO + "9/100", collection(100, "c", CREATED));
        put("root-coord/fields/100/100", field(100, "pk"));
        put("root-coord/partitions/100/7", partition(100, 7, "_default", CREATED));
        put(INFO + "9/1001", collection(1001, "another", CREATED));
        try (CollectionLookup lookup = new CollectionLookup(etcd.config(root))) {
            SourceCollection found = lookup.find(100).orElseThrow();
            assertThat(found.name()).isEqualTo("c");
            assertThat(found.dbName()).isEqualTo("sales");
            assertThat(found.state()).isEqualTo(ObjectState.CREATED);
            assertThat(found.schema().getFieldsList()).hasSize(1);
            assertThat(found.partitions()).hasSize(1);
            assertThat(lookup.find(999)).isEmpty();
            save(INFO + "9/200", 2000, collection(200, "still without fields", CREATING));
            assertThat(lookup.find(200))
                    .map(SourceCollection::state)
                    .contains(ObjectState.CREATING);
            put(INFO + "9/100", collection(100, "c", DROPPING));
            assertThat(lookup.find(100)).map(SourceCollection::state).contains(ObjectState.DROPPED);
        }
    }

    @Test
    void findsARemovedCollectionAmongTheSnapshotsAsItLastWas() throws Exception {
        save("root-coord/database/db-info/9", 900, MilvusMeta.database(9, "sales"));
        save(INFO + "9/100", 1000, collection(100, "c", CREATED));
        save("root-coord/fields/100/100", 1000, field(100, "pk"));
        save("root-coord/partitions/100/7", 1000, partition(100, 7, "_default", CREATED));
        save("root-coord/partitions/100/8", 1000, partition(100, 8, "p", CREATED));
        save("root-coord/partitions/100/8", 1100, partition(100, 8, "p", DROPPING));
        save(INFO + "9/100", 1200, collection(100, "renamed", CREATED));
        save(INFO + "9/1001", 1200, collection(1001, "another", CREATED));
        save(INFO + "9/100", 10_000, collection(100, "renamed", DROPPING));
        try (CollectionLookup lookup = new CollectionLookup(etcd.config(root))) {
            save("root-coord/fields/100/100", 20_000, TOMBSTONE);
            save("root-coord/partitions/100/7", 20_000, TOMBSTONE);
            save("root-coord/partitions/100/8", 20_000, TOMBSTONE);
            assertAsItLastWas(lookup);
            save(INFO + "9/100", 20_000, TOMBSTONE);
            save("root-coord/database/db-info/9", 30_000, TOMBSTONE);
            assertAsItLastWas(lookup);
        }
    }

    private static void assertAsItLastWas(CollectionLookup lookup) throws Exception {
        SourceCollection found = lookup.find(100).orElseThrow();
        assertThat(found.state()).isEqualTo(ObjectState.DROPPED);
        assertThat(found.name()).isEqualTo("renamed");
        assertThat(found.dbName()).isEqualTo("sales");
        assertThat(found.createTs()).isEqualTo(1000);
        assertThat(found.schema().getFieldsList())
                .extracting(FieldSchema::getName)
                .containsExactly("pk");
        assertThat(found.partitions())
                .extracting(SourcePartition::name)
                .containsExactly("_default");
    }

    @Test
    void tellsTheNameThatACollectionWasCreatedWithAlsoAfterAMoveToAnotherDatabase()
            throws Exception {
        save("root-coord/database/db-info/9", 900, MilvusMeta.database(9, "sales"));
        save(INFO + "1/100", 1000, collection(100, "first", CREATING));
        save(INFO + "1/100", 1000, collection(100, "first", CREATED));
        save(INFO + "1/1001", 990, collection(1001, "another", CREATED));
        try (CollectionLookup lookup = new CollectionLookup(etcd.config(root))) {
            EarlyName first = new EarlyName("default", "first", true);
            assertThat(lookup.earliestName(100)).contains(first);
            save(INFO + "1/100", 1200, collection(100, "second", CREATED));
            assertThat(lookup.earliestName(100)).contains(first);
            save(INFO + "1/100", 1300, TOMBSTONE);
            save(INFO + "9/100", 1300, collection(100, "third", CREATED));
            assertThat(lookup.earliestName(100)).contains(first);
        }
    }

    @Test
    void tellsThatItCannotKnowTheFirstNameWhenMilvusHasForgottenIt() throws Exception {
        put("root-coord/database/db-info/9", MilvusMeta.database(9, "sales"));
        save(INFO + "9/100", 1200, collection(100, "second", CREATED));
        put(INFO + "9/200", collection(200, "never saved", CREATED));
        try (CollectionLookup lookup = new CollectionLookup(etcd.config(root))) {
            assertThat(lookup.earliestName(100)).contains(new EarlyName("sales", "second", false));
            assertThat(lookup.earliestName(200)).isEmpty();
            assertThat(lookup.earliestName(300)).isEmpty();
        }
    }

    @Test
    void knowsWhichCreateTimestampsAreLive() throws Exception {
        put(INFO + "1/100", collection(100, "a", CREATING));
        put(INFO + "1/200", collection(200, "b", DROPPING));
        try (CollectionLookup lookup = new CollectionLookup(etcd.config(root))) {
            assertThat(lookup.isLiveCreateTs(1000)).isTrue();
            assertThat(lookup.isLiveCreateTs(2000)).isFalse();
            assertThat(lookup.isLiveCreateTs(3000)).isFalse();
            put(INFO + "1/300", collection(300, "c", CREATED));
            assertThat(lookup.isLiveCreateTs(3000)).isTrue();
        }
    }

    @Test
    void findsADatabaseWithItsPropertiesAsSoonAsItIsPut() throws Exception {
        try (CollectionLookup lookup = new CollectionLookup(etcd.config(root))) {
            assertThat(lookup.database("default")).isPresent();
            assertThat(lookup.database("sales")).isEmpty();
            ByteString sales =
                    MilvusMeta.fields()
                            .text(2, "sales")
                            .number(3, 9)
                            .number(4, 1)
                            .message(6, MilvusMeta.pair("database.max.collections", "5"))
                            .build();
            put("root-coord/database/db-info/9", sales);
            assertThat(lookup.database("sales"))
                    .hasValueSatisfying(
                            database ->
                                    assertThat(database.properties())
                                            .containsExactly(
                                                    MilvusMeta.pair(
                                                            "database.max.collections", "5")));
        }
    }
}

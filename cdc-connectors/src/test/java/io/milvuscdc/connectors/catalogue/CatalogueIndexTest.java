// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import static io.milvuscdc.connectors.catalogue.MilvusMeta.CREATED;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.CREATING;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.DROPPING;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.alias;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.collection;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.field;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.fields;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.pair;
import static io.milvuscdc.connectors.catalogue.MilvusMeta.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FunctionSchema;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CatalogueIndexTest {

    private static final String ROOT = "by-dev/meta/";
    private static final String INFO = "root-coord/database/collection-info/";

    private final TreeMap<String, EtcdValue> meta = new TreeMap<>();
    private final CatalogueIndex index = new CatalogueIndex(new MetaKeys("by-dev/meta"), meta);
    private long revision = 1;

    private void put(String key, ByteString value) {
        meta.put(ROOT + key, new EtcdValue(value, revision++));
        index.absorb(Set.of(ROOT + key));
    }

    private void remove(String key) {
        meta.remove(ROOT + key);
        index.absorb(Set.of(ROOT + key));
    }

    private SourceCollection only() {
        assertThat(index.collections()).hasSize(1);
        return index.collections().get(0);
    }

    @Test
    void readsEveryPartOfACollection() {
        put(INFO + "1/100", collection(100, "c", CREATED, "dml_0", "dml_1"));
        SourceCollection c = only();
        assertThat(c.id()).isEqualTo(100);
        assertThat(c.dbName()).isEqualTo("default");
        assertThat(c.name()).isEqualTo("c");
        assertThat(c.createTs()).isEqualTo(1000);
        assertThat(c.shards()).isEqualTo(2);
        assertThat(c.consistencyLevel()).isEqualTo(2);
        assertThat(c.properties()).containsExactly(pair("collection.ttl.seconds", "60"));
        assertThat(c.vchannels()).containsExactly("dml_0_100v0", "dml_1_100v1");
        assertThat(c.pchannels()).containsExactly("dml_0", "dml_1");
        assertThat(c.startPositions())
                .isEqualTo(
                        Map.of(
                                "dml_0", ByteString.copyFromUtf8("position"),
                                "dml_1", ByteString.copyFromUtf8("position")));
        assertThat(c.load()).isEmpty();
    }

    @Test
    void leavesSystemAndDynamicFieldsOutOfTheSchemaAndKeepsUnknownOnes() {
        put(INFO + "1/100", collection(100, "c", CREATED));
        put("root-coord/fields/100/0", field(0, "RowID"));
        put("root-coord/fields/100/1", field(1, "Timestamp"));
        put("root-coord/fields/100/101", field(101, "b"));
        put("root-coord/fields/100/100", field(100, "a").concat(fields().number(999, 7).build()));
        put("root-coord/fields/1000/100", field(100, "of another collection"));
        assertThat(only().schema().getEnableDynamicField()).isFalse();
        put(
                "root-coord/fields/100/102",
                FieldSchema.newBuilder()
                        .setFieldID(102)
                        .setName("$meta")
                        .setIsDynamic(true)
                        .build()
                        .toByteString());
        CollectionSchema schema = only().schema();
        assertThat(schema.getFieldsList())
                .extracting(FieldSchema::getName)
                .containsExactly("a", "b");
        assertThat(schema.getFields(0).getUnknownFields().hasField(999)).isTrue();
        assertThat(schema.getEnableDynamicField()).isTrue();
    }

    @Test
    void putsFunctionsIntoTheSchema() {
        put(INFO + "1/100", collection(100, "c", CREATED));
        put(
                "root-coord/functions/100/5",
                FunctionSchema.newBuilder().setId(5).setName("bm25").build().toByteString());
        assertThat(only().schema().getFunctionsList())
                .extracting(FunctionSchema::getName)
                .containsExactly("bm25");
    }

    @Test
    void showsACollectionOnceItIsCreatedAndHidesItOnceItIsDropped() {
        put(INFO + "1/100", collection(100, "c", CREATING));
        assertThat(index.collections()).isEmpty();
        put(INFO + "1/100", collection(100, "c", CREATED));
        assertThat(only().state()).isEqualTo(ObjectState.CREATED);
        put(INFO + "1/100", collection(100, "c", DROPPING));
        assertThat(index.collections()).isEmpty();
        assertThat(index.collection(100))
                .map(SourceCollection::state)
                .contains(ObjectState.DROPPED);
        remove(INFO + "1/100");
        assertThat(index.collection(100)).isEmpty();
    }

    @Test
    void showsThePartitionsThatExist() {
        put(INFO + "1/100", collection(100, "c", CREATED));
        put("root-coord/partitions/100/7", partition(100, 7, "_default", CREATED));
        put("root-coord/partitions/100/8", partition(100, 8, "p", CREATING));
        assertThat(only().partitions())
                .containsExactly(new SourcePartition(7, "_default", 70, ObjectState.CREATED));
        put("root-coord/partitions/100/8", partition(100, 8, "p", CREATED));
        assertThat(only().partitions())
                .extracting(SourcePartition::name)
                .containsExactly("_default", "p");
        put("root-coord/partitions/100/8", partition(100, 8, "p", DROPPING));
        assertThat(only().partitions())
                .extracting(SourcePartition::name)
                .containsExactly("_default");
    }

    @Test
    void readsPartitionsAndFieldsThatAreEmbeddedInAnOldCollection() {
        ByteString packed = ByteString.copyFrom(new byte[] {7, 8});
        put(
                "root-coord/collection/100",
                fields().number(1, 100)
                        .message(
                                2,
                                CollectionSchema.newBuilder()
                                        .setName("old")
                                        .addFields(FieldSchema.newBuilder().setFieldID(0))
                                        .addFields(
                                                FieldSchema.newBuilder()
                                                        .setFieldID(100)
                                                        .setName("a"))
                                        .build())
                        .bytes(4, packed)
                        .text(5, "_default")
                        .text(5, "p")
                        .number(9, 70)
                        .number(9, 80)
                        .build());
        assertThat(only().dbName()).isEqualTo("default");
        assertThat(only().schema().getFieldsList()).hasSize(1);
        assertThat(only().partitions())
                .containsExactly(
                        new SourcePartition(7, "_default", 70, ObjectState.CREATED),
                        new SourcePartition(8, "p", 80, ObjectState.CREATED));
    }

    @Test
    void keepsACollectionWhoseOldKeyMovesIntoTheDefaultDatabase() {
        put("root-coord/collection/100", collection(100, "c", CREATED));
        put(INFO + "1/100", collection(100, "moved", CREATED));
        assertThat(only().name()).isEqualTo("moved");
        remove("root-coord/collection/100");
        assertThat(only().name()).isEqualTo("moved");
    }

    @Test
    void namesDatabasesAndHidesCollectionsWhoseDatabaseIsNotKnown() {
        put(INFO + "9/100", collection(100, "c", CREATED));
        assertThat(index.collections()).isEmpty();
        assertThat(index.collection(100)).map(SourceCollection::dbName).contains("");
        index.drainChanged();
        put("root-coord/database/db-info/9", MilvusMeta.database(9, "sales"));
        assertThat(index.drainChanged()).containsExactly(100L);
        assertThat(only().dbName()).isEqualTo("sales");
        assertThat(index.databases())
                .extracting(SourceDatabase::name)
                .containsExactly("default", "sales");
        put(INFO + "9/100", collection(100, "c", DROPPING));
        remove("root-coord/database/db-info/9");
        assertThat(index.databases()).extracting(SourceDatabase::name).containsExactly("default");
        assertThat(index.collection(100)).map(SourceCollection::dbName).contains("sales");
    }

    @Test
    void followsAnAliasFromOneCollectionToAnother() {
        put(INFO + "1/100", collection(100, "a", CREATED));
        put(INFO + "1/200", collection(200, "b", CREATED));
        put("root-coord/database/aliases/1/x", alias("x", 100));
        put("root-coord/aliases/y", alias("y", 100));
        assertThat(index.collection(100).orElseThrow().aliases()).containsExactly("x", "y");
        index.drainChanged();
        put("root-coord/database/aliases/1/x", alias("x", 200));
        assertThat(index.drainChanged()).containsExactly(100L, 200L);
        assertThat(index.collection(100).orElseThrow().aliases()).containsExactly("y");
        assertThat(index.collection(200).orElseThrow().aliases()).containsExactly("x");
        remove("root-coord/database/aliases/1/x");
        assertThat(index.drainChanged()).containsExactly(200L);
        assertThat(index.collection(200).orElseThrow().aliases()).isEmpty();
    }

    @Test
    void showsIndexesWithTheParametersOfTheUserUntilTheyAreDeleted() {
        put(INFO + "1/100", collection(100, "c", CREATED));
        put("field-index/100/500", index(false));
        assertThat(only().indexes())
                .containsExactly(
                        new SourceIndex(500, 101, "ix", 42, List.of(pair("index_type", "HNSW"))));
        put("field-index/100/500", index(true));
        assertThat(only().indexes()).isEmpty();
    }

    private static ByteString index(boolean deleted) {
        ByteString info =
                fields().number(1, 100)
                        .number(2, 101)
                        .text(3, "ix")
                        .number(4, 500)
                        .message(6, pair("M", "8"))
                        .message(12, pair("index_type", "HNSW"))
                        .build();
        return fields().bytes(1, info).number(2, deleted ? 1 : 0).number(3, 42).build();
    }

    @Test
    void tellsACollectionThatIsLoadedWholeFromOneOfWhichPartitionsAreLoaded() {
        put(INFO + "1/100", collection(100, "c", CREATED));
        put("querycoord-partition-loadinfo/100/7", fields().number(1, 100).number(2, 7).build());
        put(
                "querycoord-collection-loadinfo/100",
                fields().number(1, 100).number(3, 2).number(4, 2).number(6, 1).build());
        assertThat(only().load()).contains(new SourceLoad(false, 2, Set.of(7L)));
        put(
                "querycoord-collection-loadinfo/100",
                fields().number(1, 100).number(3, 1).number(4, 1).number(6, 2).build());
        assertThat(only().load()).contains(new SourceLoad(true, 1, Set.of(7L)));
        remove("querycoord-collection-loadinfo/100");
        remove("querycoord-partition-loadinfo/100/7");
        assertThat(only().load()).isEqualTo(Optional.empty());
    }

    @Test
    void keepsWhatItHasParsedUntilAKeyOfThatCollectionChanges() {
        put(INFO + "1/100", collection(100, "a", CREATED));
        put(INFO + "1/200", collection(200, "b", CREATED));
        assertThat(index.drainChanged()).containsExactly(100L, 200L);
        SourceCollection a = index.collection(100).orElseThrow();
        SourceCollection b = index.collection(200).orElseThrow();
        put("root-coord/partitions/100/7", partition(100, 7, "_default", CREATED));
        assertThat(index.collection(100).orElseThrow()).isNotEqualTo(a);
        assertThat(index.collection(200).orElseThrow()).isSameAs(b);
        assertThat(index.drainChanged()).containsExactly(100L);
        assertThat(index.drainChanged()).isEmpty();
    }

    @Test
    void refusesToAnswerWhileAValueIsMalformedAndNamesItsKey() {
        put(INFO + "1/100", ByteString.copyFromUtf8("no protobuf"));
        assertThatThrownBy(index::collections)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("collection-info/1/100");
        put(INFO + "1/100", collection(100, "c", CREATED));
        assertThat(only().name()).isEqualTo("c");
    }

    @Test
    void passesOverKeysThatAreNotMilvus() {
        put(INFO + "1", fields().build());
        put(INFO + "1/abc", fields().build());
        put("root-coord/fields/abc/1", fields().build());
        put("root-coord/credential/users/root", ByteString.copyFromUtf8("secret"));
        assertThat(index.collections()).isEmpty();
        assertThat(index.drainChanged()).isEqualTo(new HashSet<Long>());
    }
}

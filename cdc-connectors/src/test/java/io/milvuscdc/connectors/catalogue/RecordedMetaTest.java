// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import static io.milvuscdc.connectors.catalogue.MilvusMeta.pair;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldSchema;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Reads what a real Milvus 2.3.5 wrote; {@code RECORDED.md} says what was done to it. */
class RecordedMetaTest {

    private final CatalogueIndex index =
            new CatalogueIndex(new MetaKeys("source/meta"), recorded());

    private static NavigableMap<String, EtcdValue> recorded() {
        NavigableMap<String, EtcdValue> meta = new TreeMap<>();
        try (InputStream file =
                        RecordedMetaTest.class.getResourceAsStream("/etcd/milvus-2.3.5.bin");
                DataInputStream in = new DataInputStream(file)) {
            while (in.available() > 0) {
                String key = next(in).toStringUtf8();
                EtcdValue value = new EtcdValue(next(in), in.readLong());
                if (!value.isTombstone()) {
                    meta.put(key, value);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return meta;
    }

    private static ByteString next(DataInputStream in) throws IOException {
        return ByteString.copyFrom(in.readNBytes(in.readInt()));
    }

    private SourceCollection collection(String name) {
        return index.collections().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void showsTheCollectionsAndDatabasesThatExist() {
        assertThat(index.databases())
                .extracting(SourceDatabase::name)
                .containsExactly("default", "shop");
        assertThat(index.collections())
                .extracting(c -> c.dbName() + "." + c.name())
                .containsExactly(
                        "default.every_scalar",
                        "default.parts",
                        "default.binary",
                        "default.named",
                        "default.by_tenant",
                        "shop.orders",
                        "default.anew");
    }

    @Test
    void keepsTheCollectionWhoseNameWasUsedAgainAsDropped() {
        SourceCollection dropped = index.collection(470613038401985339L).orElseThrow();
        assertThat(dropped.name()).isEqualTo("again");
        assertThat(dropped.state()).isEqualTo(ObjectState.DROPPED);
        assertThat(collection("anew").createTs()).isGreaterThan(dropped.createTs());
    }

    @Test
    void readsASchemaItsShardsAndItsProperties() {
        SourceCollection c = collection("every_scalar");
        assertThat(c.shards()).isEqualTo(2);
        assertThat(c.vchannels()).hasSize(2).allMatch(v -> v.contains("_" + c.id() + "v"));
        assertThat(c.pchannels()).hasSize(2).allMatch(p -> p.startsWith("source-rootcoord-dml_"));
        assertThat(c.startPositions()).containsOnlyKeys(c.pchannels());
        assertThat(c.startPositions().values()).allMatch(position -> position.size() == 8);
        assertThat(c.createTs() >> 18).isBetween(1_700_000_000_000L, 2_000_000_000_000L);
        assertThat(c.consistencyLevel()).isEqualTo(1);
        assertThat(c.properties()).containsExactly(pair("collection.ttl.seconds", "864000"));
        assertThat(c.schema().getFieldsList())
                .extracting(FieldSchema::getFieldID)
                .isSorted()
                .allMatch(id -> id >= 100);
        assertThat(c.schema().getFieldsList())
                .noneMatch(FieldSchema::getIsDynamic)
                .anyMatch(FieldSchema::getIsPrimaryKey);
        assertThat(c.schema().getEnableDynamicField()).isTrue();
        assertThat(collection("parts").schema().getEnableDynamicField()).isFalse();
    }

    /** Milvus issue 30144, fixed in 2.3.6: etcd gets the properties of the alter before. */
    @Test
    void showsNoPropertiesThatMilvusItselfWouldLoseWithARestart() {
        assertThat(collection("anew").properties()).isEmpty();
    }

    @Test
    void readsPartitionsAliasesIndexesAndLoad() {
        SourceCollection parts = collection("parts");
        assertThat(parts.partitions())
                .extracting(SourcePartition::name)
                .containsExactly("_default", "p1");
        assertThat(parts.load())
                .contains(new SourceLoad(false, 1, Set.of(parts.partitions().get(1).id())));
        assertThat(parts.aliases()).isEmpty();
        assertThat(parts.indexes()).extracting(SourceIndex::name).containsExactly("by_vector");

        SourceCollection scalars = collection("every_scalar");
        assertThat(scalars.load())
                .contains(new SourceLoad(true, 1, Set.of(scalars.partitions().get(0).id())));
        assertThat(scalars.indexes())
                .extracting(SourceIndex::name)
                .containsExactly("by_vector", "by_text");
        assertThat(scalars.indexes().get(0).userParams())
                .containsExactlyInAnyOrder(
                        pair("index_type", "IVF_FLAT"),
                        pair("metric_type", "L2"),
                        pair("params", "{\"nlist\": 8}"));

        SourceCollection named = collection("named");
        assertThat(named.aliases()).containsExactly("first");
        assertThat(named.indexes()).isEmpty();
        assertThat(named.load()).isEmpty();
        assertThat(collection("by_tenant").partitions())
                .extracting(SourcePartition::name)
                .isEqualTo(List.of("_default_0", "_default_1", "_default_2", "_default_3"));
    }
}

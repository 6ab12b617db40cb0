// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusContent;
import io.milvuscdc.e2e.compare.MilvusReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealServersITCase {

    private MilvusPair pair;

    @BeforeAll
    void startServers() {
        pair = MilvusPair.start(ServerCache.fetch(), ServerDirectory.of("real-servers"));
    }

    @AfterAll
    void stopServers() {
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    void comparerSeesACollectionWithRowsThatTheTargetLacks() {
        createCollectionWithRows(pair.source(), "people", 10);
        try (MilvusReader source = MilvusReader.ofSource(pair.source().uri());
                MilvusReader target = MilvusReader.ofTarget(pair.target().uri())) {
            Await.until(
                    "the collection to be loaded",
                    Duration.ofSeconds(30),
                    () -> source.collection("default", "people", false).isLoaded());
            MilvusContent content = source.content();
            assertThat(content.collections().get("default.people").count()).contains(10L);
            assertThat(content.collections().get("default.people").rows().orElseThrow().byKey())
                    .containsOnlyKeys(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);

            assertThat(ContentComparer.compare(content, source.content()).isEqual()).isTrue();
            ContentComparison comparison = ContentComparer.compareNow(source, target);
            assertThat(comparison.differences())
                    .containsExactly("collection default.people is missing at the target");
        }
    }

    private static void createCollectionWithRows(MilvusServer milvus, String name, int rows) {
        MilvusClientV2 client =
                new MilvusClientV2(ConnectConfig.builder().uri(milvus.uri()).build());
        CreateCollectionReq.CollectionSchema schema =
                CreateCollectionReq.CollectionSchema.builder().enableDynamicField(true).build();
        schema.addField(
                AddFieldReq.builder()
                        .fieldName("id")
                        .dataType(DataType.Int64)
                        .isPrimaryKey(true)
                        .build());
        schema.addField(
                AddFieldReq.builder()
                        .fieldName("v")
                        .dataType(DataType.FloatVector)
                        .dimension(4)
                        .build());
        client.createCollection(
                CreateCollectionReq.builder()
                        .collectionName(name)
                        .collectionSchema(schema)
                        .indexParam(
                                IndexParam.builder()
                                        .fieldName("v")
                                        .indexType(IndexParam.IndexType.FLAT)
                                        .metricType(IndexParam.MetricType.L2)
                                        .build())
                        .build());
        List<JsonObject> data = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            JsonObject row = new JsonObject();
            row.addProperty("id", (long) i);
            com.google.gson.JsonArray vector = new com.google.gson.JsonArray();
            for (int d = 0; d < 4; d++) {
                vector.add(i + d / 10f);
            }
            row.add("v", vector);
            row.addProperty("colour", "c" + i);
            data.add(row);
        }
        client.insert(InsertReq.builder().collectionName(name).data(data).build());
        client.close();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.compare.CollectionContent;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusContent;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.RefusedException;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealServersITCase {

    private static final CollectionSchema SCHEMA = SampleSchemas.usual(4);

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
        createWithRows("people");
        try (MilvusReader source = MilvusReader.ofSource(pair.source().uri());
                MilvusReader target = MilvusReader.ofTarget(pair.target().uri())) {
            MilvusContent content = source.content();
            CollectionContent people = content.collections().get("default.people");
            assertThat(people.count()).contains(10L);
            assertThat(people.rows().orElseThrow().byKey()).hasSize(10);
            assertThat(people.rows().orElseThrow().fields())
                    .containsExactly("$meta", "id", "title", "vector");

            ContentComparison comparison = ContentComparer.compareNow(source, target);
            assertThat(comparison.differences())
                    .contains("collection default.people is missing at the target");
        }
    }

    @Test
    void sourceAnswersWithItsRowsAfterItWasKilled() {
        createWithRows("survivors");
        try (MilvusReader source = MilvusReader.ofSource(pair.source().uri())) {
            CollectionContent before = source.collection("default", "survivors", true);

            pair.source().restart();

            Await.until(
                    "the collection to be loaded again",
                    Await.PATIENCE,
                    () -> source.collection("default", "survivors", false).isLoaded());
            CollectionContent after = source.collection("default", "survivors", true);
            assertThat(after.rows().orElseThrow().byKey())
                    .isEqualTo(before.rows().orElseThrow().byKey());
        }
    }

    @Test
    void targetIsAStandbyThatTakesNoRowsFromClients() {
        try (MilvusSession target = MilvusSession.open(pair.target().uri())) {
            target.createCollection("refused", SCHEMA, CollectionSettings.plain());

            assertThatThrownBy(() -> target.insert("refused", new SampleRows(SCHEMA, 1, 1, 0)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("deny to write the message to mq");
        }
    }

    @Test
    void readerSeesEveryKeyWhereRowsAreThereTwice() {
        createWithRows("copied");
        try (MilvusSession session = MilvusSession.open(pair.source().uri());
                MilvusReader source = MilvusReader.ofSource(pair.source().uri())) {
            session.insert("copied", new SampleRows(SCHEMA, 1, 4, 0));

            CollectionContent copied = source.collection("default", "copied", true);

            assertThat(copied.count()).contains(14L);
            assertThat(copied.rows().orElseThrow().byKey()).hasSize(10);
        }
    }

    private void createWithRows(String name) {
        try (MilvusSession source = MilvusSession.open(pair.source().uri())) {
            source.createCollection(name, SCHEMA, CollectionSettings.plain());
            source.indexVectors(name);
            source.load(name);
            source.insert(name, new SampleRows(SCHEMA, 1, 10, 0));
        }
    }
}

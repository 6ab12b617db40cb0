// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.TargetCollection;
import io.milvuscdc.connectors.target.TargetPartition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class KnownCollectionsTest {

    private static final SourceCollection SOURCE =
            SourceCollections.collection(444, "default", "now");
    private static final KnownCollections.Partitions UNASKED =
            id -> {
                throw new AssertionError("partitions of " + id);
            };

    private final KnownCollections known =
            restored(new KnownCollection(444, 4_440, "default", "then", Map.of(1L, 11L, 2L, 12L)));

    @Test
    void partitionsThatTheCopyStillHasAreKept() {
        assertThat(known.at(SOURCE, copy(900, 4_440), id -> partitions(11, 12, 13)))
                .isEqualTo(
                        new KnownCollection(
                                444, 4_440, "default", "now", Map.of(1L, 11L, 2L, 12L)));
    }

    @Test
    void noPartitionOfACopyThatWasThereBeforeIsUsedForTheOneThatIsThereNow() {
        assertThat(known.at(SOURCE, copy(901, 4_440), id -> partitions(id == 901 ? 21 : 11)))
                .extracting(KnownCollection::partitions)
                .isEqualTo(Map.of());
    }

    @Test
    void aPartitionThatSomebodyHasMadeAgainIsLookedForAgain() {
        assertThat(known.at(SOURCE, copy(900, 4_440), id -> partitions(11, 22)))
                .extracting(KnownCollection::partitions)
                .isEqualTo(Map.of(1L, 11L));
    }

    @Test
    void whatTheSourceHasForgottenIsComparedWithItsCopyToo() {
        KnownCollection before = known.find(444).orElseThrow();

        assertThat(KnownCollections.atCopy(before, copy(900, 4_440), id -> partitions(12)))
                .isEqualTo(new KnownCollection(444, 4_440, "default", "then", Map.of(2L, 12L)));
    }

    @Test
    void theTargetIsNotAskedForPartitionsOfWhatHasNone() {
        KnownCollections none = new KnownCollections(List.of());

        assertThat(none.at(SOURCE, copy(900, 4_440), UNASKED).partitions()).isEmpty();
    }

    @Test
    void whatTwoWritersKnewIsPutTogether() {
        KnownCollections both =
                restored(
                        new KnownCollection(444, 4_440, "default", "c", Map.of(1L, 11L)),
                        new KnownCollection(444, 4_440, "default", "c", Map.of(2L, 12L)));

        assertThat(both.all())
                .containsExactly(
                        new KnownCollection(444, 4_440, "default", "c", Map.of(1L, 11L, 2L, 12L)));
    }

    @Test
    void theIdentityOfATakenOverCopyIsItsOwn() {
        known.put(known.at(SOURCE, copy(900, 99_999), id -> partitions(11)));

        assertThat(known.find(444).orElseThrow().createTs()).isEqualTo(99_999);
    }

    private static KnownCollections restored(KnownCollection... collections) {
        return new KnownCollections(
                List.of(collections).stream()
                        .map(collection -> new WriterState(List.of(collection), List.of()))
                        .toList());
    }

    private static Map<String, TargetPartition> partitions(long... ids) {
        Map<String, TargetPartition> partitions = new TreeMap<>();
        for (long id : ids) {
            partitions.put("p" + id, new TargetPartition(id, "p" + id, id));
        }
        return partitions;
    }

    private static TargetCollection copy(long id, long createdTs) {
        return new TargetCollection(
                id,
                "default",
                "now",
                createdTs,
                CollectionSchema.getDefaultInstance(),
                List.of("t-dml_3_" + id + "v0"),
                List.of("t-dml_3"),
                1,
                1,
                ConsistencyLevel.Bounded,
                List.of(),
                List.of());
    }
}

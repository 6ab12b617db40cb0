// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static io.milvuscdc.connectors.sink.SourceCollections.collection;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.catalogue.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Of a watch that is behind: it still shows what was dropped. */
final class UndroppedViewTest {

    private final SourceCollections behind =
            new SourceCollections()
                    .put(collection(1, "default", "a"))
                    .put(collection(5, "default", "b"));
    private final DroppedPartitions dropped = new DroppedPartitions();

    @Test
    void showsNoPartitionWhoseDropWasCommitted() {
        UndroppedView view = new UndroppedView(behind, UnaryOperator.identity(), Set.of(), dropped);
        assertThat(partitions(view)).containsExactly(2L, 6L);

        dropped.add(1, 2);

        assertThat(view.isDropped(1, 2)).isTrue();
        assertThat(view.isDropped(1, 6)).isFalse();
        assertThat(partitions(view)).containsExactly(6L);
        assertThat(view.collection(1).orElseThrow().partitions()).isEmpty();
        assertThat(view.collection(1).orElseThrow().name()).isEqualTo("a");
        assertThat(view.collection(5).orElseThrow().partitions()).hasSize(1);
    }

    @Test
    void tellsSinceWhenAPartitionHasItsName() {
        UndroppedView view = new UndroppedView(behind, UnaryOperator.identity(), Set.of(), dropped);
        assertThat(view.partitionSince(1, "p")).hasValue(10);
        assertThat(view.partitionSince(1, "other")).isEmpty();
        assertThat(view.partitionSince(9, "p")).isEmpty();

        dropped.add(1, 2);

        assertThat(view.partitionSince(1, "p")).isEmpty();
    }

    @Test
    void showsNoPartitionThatTheRefreshedCollectionStillHas() {
        SourceCollection fresh = collection(1, "default", "fresh");
        dropped.add(1, 2);

        UndroppedView view = new UndroppedView(behind, c -> fresh, Set.of(), dropped);

        assertThat(view.collection(1).orElseThrow().name()).isEqualTo("fresh");
        assertThat(view.collection(1).orElseThrow().partitions()).isEmpty();
    }

    @Test
    void showsNoCollectionWhoseDropWasCommitted() {
        UndroppedView view =
                new UndroppedView(behind, UnaryOperator.identity(), Set.of(1L), dropped);

        assertThat(view.collections()).extracting(SourceCollection::id).containsExactly(5L);
        assertThat(view.collection(1)).isEmpty();
        assertThat(view.isDropped(1)).isTrue();
        assertThat(view.isDropped(5)).isFalse();
    }

    @Test
    void remembersTheLastTenThousandDrops() {
        UndroppedView view = new UndroppedView(behind, UnaryOperator.identity(), Set.of(), dropped);
        dropped.add(1, 2);
        for (int id = 0; id < 9_999; id++) {
            dropped.add(77, id);
        }
        assertThat(partitions(view)).containsExactly(6L);

        dropped.add(77, 9_999);

        assertThat(partitions(view)).containsExactly(2L, 6L);
    }

    private static List<Long> partitions(UndroppedView view) {
        List<Long> ids = new ArrayList<>();
        for (SourceCollection collection : view.collections()) {
            collection.partitions().stream().map(SourcePartition::id).forEach(ids::add);
        }
        return ids;
    }
}

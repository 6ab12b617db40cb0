// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DroppedAliasesTest {

    private static final List<SourceCollection> LIVE =
            List.of(
                    SourceCollections.collection(1, "db", "a", "other", "moved"),
                    SourceCollections.collection(2, "elsewhere", "b", "moved"),
                    SourceCollections.collection(3, "db", "moved"));

    private final DroppedAliases dropped = new DroppedAliases();

    @Test
    void givesOnceWhoIsToHaveThem() {
        assertThat(dropped.isEmpty()).isTrue();
        dropped.add("db", "moved");
        dropped.add("db", "nobodys");
        assertThat(dropped.isEmpty()).isFalse();

        assertThat(dropped.takeOwners(LIVE)).containsExactly(1L);
        assertThat(dropped.isEmpty()).isTrue();
        assertThat(dropped.takeOwners(LIVE)).isEmpty();
    }
}

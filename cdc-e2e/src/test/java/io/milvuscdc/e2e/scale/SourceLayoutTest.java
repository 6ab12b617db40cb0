// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SourceLayoutTest {

    @Test
    void everyPchannelCarriesOneShard() {
        List<SourceLayout.Collection> collections = new SourceLayout(64).collections();

        assertThat(collections).hasSize(4);
        assertThat(collections.stream().flatMap(c -> c.pchannels().stream()))
                .hasSize(64)
                .doesNotHaveDuplicates();
        assertThat(collections.get(1).vchannels().get(2))
                .isEqualTo("s64-rootcoord-dml_18_" + collections.get(1).id() + "v2");
    }

    @Test
    void targetTellsTheCollectionsOfAllLayoutsApart() {
        List<SourceLayout.Collection> all =
                List.of(new SourceLayout(16), new SourceLayout(64), new SourceLayout(256)).stream()
                        .flatMap(layout -> layout.collections().stream())
                        .toList();

        assertThat(all).extracting(SourceLayout.Collection::createTs).doesNotHaveDuplicates();
        assertThat(all).extracting(SourceLayout.Collection::targetId).doesNotHaveDuplicates();
        assertThat(all).extracting(SourceLayout.Collection::name).doesNotHaveDuplicates();
    }

    @Test
    void refusesPchannelsThatWouldBeLeftOver() {
        assertThatThrownBy(() -> new SourceLayout(17)).hasMessageContaining("multiple of it");
    }
}

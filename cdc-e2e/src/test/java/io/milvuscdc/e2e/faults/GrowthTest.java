// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.e2e.faults.Footprint.Part;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class GrowthTest {

    private static final int SAMPLES = 12;

    @Test
    void whatOnlyWarmsUpHasNotGrown() {
        assertThat(Growth.of(samples(Part.RESIDENT, i -> i < 4 ? 200 + 50 * i : 400 + i % 3)))
                .isEmpty();
    }

    @Test
    void whatGoesOnGrowingIsNamed() {
        assertThat(Growth.of(samples(Part.THREADS, i -> 100 + 5 * i)))
                .containsExactly("threads: 130, then 150");
    }

    @Test
    void oneKeyMoreIsGrowth() {
        assertThat(Growth.of(samples(Part.KEYS, i -> i < 9 ? 100 : 101)))
                .containsExactly("etcd keys: 100, then 101");
    }

    @Test
    void oneThatStandsOutIsNotGrowth() {
        assertThat(Growth.of(samples(Part.FILES, i -> i == SAMPLES - 1 ? 900 : 100))).isEmpty();
    }

    @Test
    void fewTellNothing() {
        assertThatThrownBy(() -> Growth.of(samples(Part.KEYS, i -> 1).subList(0, 5)))
                .hasMessage("5 footprints tell nothing");
    }

    private static List<Footprint> samples(Part part, LongUnaryOperator amount) {
        return LongStream.range(0, SAMPLES)
                .mapToObj(
                        sample -> {
                            Map<Part, Long> amounts = new EnumMap<>(Part.class);
                            for (Part other : Part.values()) {
                                amounts.put(other, 100L);
                            }
                            amounts.put(part, amount.applyAsLong(sample));
                            return new Footprint(amounts);
                        })
                .toList();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class CalmTest {

    private final Calm calm = new Calm();

    @Test
    void serversThatUseNextToNothingAreAtRest() {
        assertThat(calm.isReached(1.8)).isFalse();
        assertThat(calm.isReached(0.3)).isTrue();
    }

    @Test
    void whatIsSteadyIsAtRestAfterAMinute() {
        assertThat(DoubleStream.generate(() -> 1.5).limit(60).anyMatch(calm::isReached)).isFalse();
        assertThat(calm.isReached(1.52)).isTrue();
    }

    @Test
    void whatStillChangesIsNot() {
        assertThat(
                        DoubleStream.iterate(60, cores -> cores - 0.5)
                                .limit(100)
                                .anyMatch(calm::isReached))
                .isFalse();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScalingPlanTest {

    @Test
    void readsArgumentsInTheirOrder() {
        ScalingPlan plan =
                ScalingPlan.of(
                        "5,20", "16,64", "1,2,4", "10", "2", "200", "500", "a.b=c,d=e=f", "t.md");

        assertThat(plan)
                .isEqualTo(
                        new ScalingPlan(
                                List.of(5L, 20L),
                                List.of(new SourceLayout(16), new SourceLayout(64)),
                                List.of(1, 2, 4),
                                Duration.ofSeconds(10),
                                2 << 20,
                                200,
                                Duration.ofMillis(500),
                                Map.of("a.b", "c", "d", "e=f"),
                                Path.of("t.md")));
    }

    @Test
    void consumersNeedNoProperties() {
        ScalingPlan plan = ScalingPlan.of("5", "16", "1", "10", "2", "200", "500", "", "t.md");

        assertThat(plan.consumer()).isEmpty();
    }
}

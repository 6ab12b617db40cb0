// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {

    @Test
    void measuresEverythingByDefault() {
        BenchOptions options = BenchOptions.parse(List.of());

        assertThat(options.parts()).containsExactly(Part.values());
        assertThat(options.rounds() * options.rows()).isGreaterThanOrEqualTo(1_000_000);
        assertThat(options.outage()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void measuresThePartsThatAreNamedInTheirOrder() {
        BenchOptions options =
                BenchOptions.parse(
                        List.of("--parts", "kill,lag", "--rounds", "2", "--mq", "pulsar"));

        assertThat(options.parts()).containsExactly(Part.KILL, Part.LAG);
        assertThat(options.rounds()).isEqualTo(2);
        assertThat(options.queue()).hasToString("pulsar");
    }

    @Test
    void measuresTheShapesWhoseNamesHaveTheText() {
        BenchOptions options = BenchOptions.parse(List.of("--shapes", "16 shards, 50"));

        assertThat(Shapes.named(options.shapes()))
                .containsExactly(new Shape(128, 16, 50), new Shape(768, 16, 50));
    }

    @ParameterizedTest
    @CsvSource({
        "--parts, lags, no part of the benchmark is called 'lags'",
        "--rounds, 0, '--rounds needs a number above 0, not 0'",
        "--rows, -5, '--rows needs a number above 0, not -5'",
        "--insert, none, '--insert needs a number above 0, not none'",
        "--mq, nats, kafka or pulsar",
        "--shapes, 3 shards, no shape has '3 shards' in its name; there are: [128 floats",
        "--parallel, 3, unknown option --parallel"
    })
    void saysWhatIsWrong(String option, String value, String message) {
        assertThatThrownBy(() -> BenchOptions.parse(List.of(option, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void saysThatAValueIsMissing() {
        assertThatThrownBy(() -> BenchOptions.parse(List.of("--rows")))
                .hasMessage("--rows needs a value");
    }
}

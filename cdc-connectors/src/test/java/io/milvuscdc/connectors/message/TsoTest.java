// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class TsoTest {

    @Test
    void takesATimestampApartAndPutsItTogether() {
        long tso = 445_644_800_000_262_149L;

        assertThat(Tso.physicalMillis(tso)).isEqualTo(tso / 262_144);
        assertThat(Tso.logical(tso)).isEqualTo(tso % 262_144);
        assertThat(Tso.of(Tso.physicalMillis(tso), Tso.logical(tso))).isEqualTo(tso);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> Tso.of(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Tso.of(1L << 45, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Tso.of(1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> Tso.of(1, 262_144));
    }
}

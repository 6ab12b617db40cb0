// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VersionRuleTest {

    @ParameterizedTest
    @CsvSource({
        "v2.3.5-lite, true, true",
        "2.5.27, true, true",
        "v2.3.1, false, false",
        "2.6.0-rc1, false, false",
        "3.0.0, false, false",
        "'', true, false",
        "master-20240718-abc, true, false",
    })
    void tellsWhichVersionsCanBeReplicatedInto(String said, boolean ok, boolean well) {
        assertThat(VersionRule.ofTarget("target_version", said))
                .satisfies(
                        finding -> {
                            assertThat(finding.ok()).isEqualTo(ok);
                            assertThat(finding.fix().isEmpty()).isEqualTo(well);
                        });
    }
}

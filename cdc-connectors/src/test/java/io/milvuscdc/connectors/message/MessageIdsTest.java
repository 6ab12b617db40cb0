// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MessageIdsTest {

    @Test
    void givesEveryPositionOfEveryChannelItsOwnId() {
        Set<Long> ids = new HashSet<>();
        int positions = 0;
        for (int channel = 0; channel < 16; channel++) {
            for (long offset = 0; offset < 5_000; offset++) {
                ids.add(derive(channel, MqPosition.ofKafkaOffset(offset)));
                ids.add(derive(channel, new MqPosition(1 + offset % 50, offset / 50)));
                positions += 2;
            }
        }

        assertThat(ids).hasSize(positions).allMatch(id -> id < 0);
    }

    @Test
    void staysTheSameAcrossReleases() {
        // a task that is restored by a newer release sends messages again with these ids
        assertThat(derive(0, MqPosition.ofKafkaOffset(0))).isEqualTo(-9_047_730_216_765_690_688L);
        assertThat(derive(3, MqPosition.ofKafkaOffset(42))).isEqualTo(-762_182_065_383_518_620L);
        assertThat(derive(3, new MqPosition(7, 42))).isEqualTo(-3_967_526_673_000_148_152L);
    }

    private static long derive(int channel, MqPosition position) {
        return MessageIds.derive("by-dev-rootcoord-dml_" + channel, position);
    }
}

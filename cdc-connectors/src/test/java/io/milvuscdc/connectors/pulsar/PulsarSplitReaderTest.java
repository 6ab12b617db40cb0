// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PulsarSplitReaderTest {

    @ParameterizedTest
    @CsvSource({"1, 128", "2, 128", "3, 85", "16, 16", "64, 4", "256, 4"})
    void allChannelsTogetherFetchAsManyMessagesAheadAsOne(int channels, int each) {
        assertThat(PulsarSplitReader.messagesAhead(channels)).isEqualTo(each);
    }
}

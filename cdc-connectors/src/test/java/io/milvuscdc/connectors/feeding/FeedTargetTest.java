// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FeedTargetTest {

    @ParameterizedTest
    @CsvSource({
        "http://milvus:19530, milvus:19530",
        "HTTPS://Milvus:19530/, milvus:19530",
        "milvus, milvus:19530",
        "https://milvus, milvus:443",
        "http://root:secret@milvus:19530, milvus:19530",
        "http://127.0.0.1:19530, localhost:19530@here",
        "localhost, localhost:19530@here",
        "'http://[::1]:1', localhost:1@here"
    })
    void everySpellingOfATargetIsTheSame(String uri, String address) {
        assertThat(FeedTarget.of(uri, "here").address()).isEqualTo(address);
    }

    @Test
    void whatIsNoAddressIsNotShown() {
        assertThatThrownBy(() -> FeedTarget.of("http://root:s3cret@mil vus", "here"))
                .hasMessageNotContaining("s3cret");
    }
}

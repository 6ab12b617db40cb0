// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SourceVersionTest {

    @Test
    void isWhatASessionSays() {
        assertThat(SourceVersion.of("{\"ServerID\":5,\"Version\":\"2.3.5-lite\"}"))
                .contains(new SourceVersion(2, 3, 5));
        assertThat(SourceVersion.of("{\"Version\": \"v2.4.10\"}"))
                .map(Object::toString)
                .contains("2.4.10");
        assertThat(SourceVersion.of("{\"ServerID\":5}")).isEmpty();
    }

    @Test
    void isComparedByNumbers() {
        assertThat(new SourceVersion(2, 4, 9)).isLessThan(new SourceVersion(2, 4, 10));
        assertThat(new SourceVersion(2, 3, 21)).isLessThan(new SourceVersion(2, 4, 1));
    }
}

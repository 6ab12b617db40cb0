// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.testutils.FakeFlink;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import org.junit.jupiter.api.Test;

final class HealthTest {

    private final FakeFlink flink = new FakeFlink();
    private final Health health = new Health(new InMemoryTaskStore(), flink);

    @Test
    void isWellWhileStoreAndFlinkAre() {
        assertThat(health.faults()).isEmpty();
    }

    @Test
    void saysThatTheStoreDoesNotAnswerWithoutDetails() {
        InMemoryTaskStore failing = new InMemoryTaskStore();
        failing.away();
        assertThat(new Health(failing, flink).faults())
                .containsExactly("the task store doesn't answer; see the server's log");
        flink.die();
        assertThat(new Health(failing, flink).faults()).hasSize(2);
    }

    @Test
    void saysThatFlinkHasStopped() {
        flink.die();
        assertThat(health.faults()).singleElement().asString().contains("Flink has stopped");
    }
}

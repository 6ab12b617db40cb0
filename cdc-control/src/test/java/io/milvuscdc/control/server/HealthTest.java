// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.testutils.FakeFlink;
import io.milvuscdc.control.testutils.InMemoryTaskStore;
import java.lang.reflect.Proxy;
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
        TaskStore failing =
                (TaskStore)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {TaskStore.class},
                                (store, method, arguments) -> {
                                    throw new StoreException("10.0.0.7 refuses the login of root");
                                });

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

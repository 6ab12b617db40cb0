// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SourceCollectionsTest {

    private final AtomicInteger questions = new AtomicInteger();

    @Test
    void nobodyWaitsLongerThanTheBoundAndOneThreadWaitsForAll() throws Exception {
        CountDownLatch etcd = new CountDownLatch(1);
        try (SourceCollections collections =
                new SourceCollections(
                        () -> {
                            questions.incrementAndGet();
                            etcd.await();
                            return List.of();
                        },
                        Duration.ofMillis(50))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(collections::list)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("the source's etcd hasn't answered within 50 ms");
            }
            assertThat(questions).hasValue(1);
            etcd.countDown();
        }
    }

    @Test
    void everyQuestionIsAskedAnewAndFailsInTheCatalogueSWords() throws Exception {
        try (SourceCollections collections =
                new SourceCollections(
                        () -> {
                            if (questions.incrementAndGet() == 2) {
                                throw new IOException("nothing under 'by-dev/meta'");
                            }
                            return List.of();
                        },
                        Duration.ofSeconds(60))) {
            assertThat(collections.list()).isEmpty();
            assertThatThrownBy(collections::list).hasMessage("nothing under 'by-dev/meta'");
            assertThat(collections.list()).isEmpty();
        }
    }
}

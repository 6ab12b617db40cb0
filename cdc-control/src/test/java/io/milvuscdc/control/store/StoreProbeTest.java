// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.control.testutils.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a backend counts as away, and how often it's asked. */
final class StoreProbeTest {

    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration NEVER = Duration.ofHours(1);

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aShortHiccupIsNotTold() throws Exception {
        StoreProbe.Question failing =
                () -> {
                    asked.incrementAndGet();
                    throw StoreException.passing("away", null);
                };
        try (StoreProbe probe = started(failing, NEVER)) {
            Await.until("it has been asked often", () -> asked.get() > 5);
            assertThat(probe.isWell()).isTrue();
        }
    }

    @Test
    void aBackendThatHangsIsToldWithoutWaitingForIt() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        StoreProbe.Question hanging =
                () -> {
                    asked.incrementAndGet();
                    awaitUninterrupted(answer);
                };
        try (StoreProbe probe = started(hanging, SOON)) {
            Await.until("it's told", () -> !probe.isWell());
            assertThat(asked).as("questions to a backend that hangs").hasValue(1);
            answer.countDown();
            Await.until("it's well again", probe::isWell);
        }
    }

    @Test
    void whoAsksForItAsksTheBackendNoMoreOften() {
        try (StoreProbe probe = started(asked::incrementAndGet, SOON, NEVER)) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(probe.isWell()).isTrue();
            }
            assertThat(asked).hasValue(0);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static StoreProbe started(StoreProbe.Question question, Duration patience) {
        return started(question, patience, OFTEN);
    }

    private static StoreProbe started(
            StoreProbe.Question question, Duration patience, Duration interval) {
        StoreProbe probe = new StoreProbe(question, interval, patience);
        probe.start();
        return probe;
    }
}

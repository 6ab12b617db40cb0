// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.connectors.target.TargetException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FlusherTest {

    private static final SourceCollection A = SourceCollections.collection(1, "default", "a");
    private static final SourceCollection B = SourceCollections.collection(2, "default", "b");

    private final BlockingQueue<String> flushed = new LinkedBlockingQueue<>();

    @Test
    void aFlushThatTheTargetHoldsHoldsNobodyElse() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (Flusher flusher =
                new Flusher(
                        "t",
                        collection -> {
                            flushed.add(collection.name());
                            awaitQuietly(answer);
                        })) {
            flusher.flush(A);
            assertThat(next()).isEqualTo("a");
            // one that waits stands for all that come meanwhile
            flusher.flush(B);
            flusher.flush(B);
            flusher.flush(A);
            answer.countDown();
            assertThat(next()).isEqualTo("b");
            assertThat(next()).isEqualTo("a");
        }
        assertThat(flushed).isEmpty();
    }

    @Test
    void whatTheTargetDoesntTakeIsLeft() throws Exception {
        try (Flusher flusher =
                new Flusher(
                        "t",
                        collection -> {
                            flushed.add(collection.name());
                            throw TargetException.retry("rate limit");
                        })) {
            flusher.flush(A);
            assertThat(next()).isEqualTo("a");
            flusher.flush(B);
            assertThat(next()).isEqualTo("b");
            flusher.throwIfFailed();
        }
    }

    @Test
    void whatWillNeverPassIsThrown() throws Exception {
        try (Flusher flusher =
                new Flusher(
                        "t",
                        collection -> {
                            flushed.add(collection.name());
                            if (collection.id() == A.id()) {
                                throw new FatalTargetException("wrong login");
                            }
                        })) {
            flusher.flush(A);
            flusher.flush(B);
            assertThat(next()).isEqualTo("a");
            // the thread has left the first one when it comes to the second
            assertThat(next()).isEqualTo("b");
            assertThatThrownBy(flusher::throwIfFailed).hasMessage("wrong login");
        }
    }

    @Test
    void afterItsEndItTakesNothing() {
        Flusher flusher = new Flusher("t", collection -> flushed.add(collection.name()));
        flusher.close();
        flusher.flush(A);
        flusher.throwIfFailed();
        assertThat(flushed).isEmpty();
    }

    private String next() throws InterruptedException {
        return flushed.poll(1, TimeUnit.MINUTES);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

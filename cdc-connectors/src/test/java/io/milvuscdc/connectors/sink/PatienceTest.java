// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.failure.SourceRefusedException;
import io.milvuscdc.connectors.failure.SourceUnreachableException;
import io.milvuscdc.connectors.target.TargetException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PatienceTest {

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final Patience patience = new Patience(now::get);

    @Test
    void anAnswerIsHandedOn() throws Exception {
        assertThat(patience.ask(() -> new Routing.Found<>(7L))).isEqualTo(new Routing.Found<>(7L));
    }

    @Test
    void whoDoesNotAnswerIsWaitedForAndAskedOnceASecond() throws Exception {
        assertThat(patience.ask(this::unreachable))
                .isEqualTo(new Routing.Blocked<>("etcd is away"));
        assertThat(patience.ask(this::unreachable))
                .isEqualTo(new Routing.Blocked<>("etcd is away"));
        assertThat(asked).hasValue(1);

        now.addAndGet(TimeUnit.SECONDS.toNanos(1));

        assertThat(patience.ask(this::unreachable))
                .isEqualTo(new Routing.Blocked<>("etcd is away"));
        assertThat(asked).hasValue(2);
    }

    @Test
    void afterAnAnswerEveryQuestionIsAsked() throws Exception {
        patience.ask(this::unreachable);
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));

        patience.ask(() -> new Routing.Found<>(7L));

        assertThat(patience.ask(() -> new Routing.Found<>(8L))).isEqualTo(new Routing.Found<>(8L));
    }

    @Test
    void anErrorThatWasAnsweredIsThrown() {
        assertThatThrownBy(() -> patience.ask(() -> refused(TargetException.retry("busy"))))
                .hasMessage("busy");
        assertThatThrownBy(
                        () ->
                                patience.ask(
                                        () -> {
                                            throw new SourceRefusedException("wrong login", null);
                                        }))
                .isInstanceOf(SourceRefusedException.class);
        assertThatThrownBy(
                        () ->
                                patience.ask(
                                        () -> {
                                            throw new IOException("not what Milvus writes");
                                        }))
                .hasMessage("not what Milvus writes");
    }

    private Routing<Long> unreachable() throws IOException {
        asked.incrementAndGet();
        throw new SourceUnreachableException("etcd is away", null);
    }

    private static Routing<Long> refused(TargetException failure) {
        throw failure;
    }
}

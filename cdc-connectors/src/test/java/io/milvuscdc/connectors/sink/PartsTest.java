// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PartsTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void whatIsOpenIsClosedWhenALaterOneCannotBeOpened() {
        assertThatThrownBy(
                        () ->
                                Parts.assemble(
                                        parts -> {
                                            parts.add(part("first"));
                                            parts.add(stuck("second"));
                                            throw new IOException("third isn't reachable");
                                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("third isn't reachable")
                .satisfies(
                        e ->
                                assertThat(e.getSuppressed())
                                        .extracting(Throwable::getMessage)
                                        .containsExactly("second is stuck"));
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void whatIsMadeKeepsItsParts() throws Exception {
        AutoCloseable made = Parts.assemble(parts -> parts.add(part("first")));
        assertThat((Object) made).isNotNull();
        assertThat(closed).isEmpty();
    }

    @Test
    void allAreClosedThoughOneCannotBe() {
        assertThatThrownBy(() -> Parts.closeAll(stuck("first"), part("second"), stuck("third")))
                .hasMessage("first is stuck")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(closed).containsExactly("first", "second", "third");
    }

    private AutoCloseable part(String name) {
        return () -> closed.add(name);
    }

    private AutoCloseable stuck(String name) {
        return () -> {
            closed.add(name);
            throw new IllegalStateException(name + " is stuck");
        };
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is selected when entries overlap. */
final class SelectionTest {

    private static final Selection ALL_BUT_SOME =
            new Selection(
                    List.of(new CollectionPattern("*", "*"), new CollectionPattern("db", "c")),
                    List.of(
                            new CollectionPattern("default", "x"),
                            new CollectionPattern("tmp", "*"),
                            new CollectionPattern("*", "scratch")));

    @Test
    void coversWhatAnEntryMeansAndNothingLeftOut() {
        assertThat(ALL_BUT_SOME.covers("db", "c")).isTrue();
        assertThat(ALL_BUT_SOME.covers("default", "c")).isTrue();
        assertThat(ALL_BUT_SOME.covers("default", "x")).isFalse();
        assertThat(ALL_BUT_SOME.covers("db", "scratch")).isFalse();
        assertThat(ALL_BUT_SOME.covers("tmp", "c")).isFalse();
        assertThat(ALL_BUT_SOME.coversEverything()).isFalse();
    }

    @Test
    void aDatabaseIsReplicatedAsSuchWhenNotAllOfItIsLeftOut() {
        assertThat(ALL_BUT_SOME.coversDatabase("db")).isTrue();
        assertThat(ALL_BUT_SOME.coversDatabase("default")).isTrue();
        assertThat(ALL_BUT_SOME.coversDatabase("tmp")).isFalse();
        Selection one = new Selection(List.of(new CollectionPattern("db", "c")), List.of());
        assertThat(one.coversDatabase("db")).isFalse();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of a target that describes a collection with the aliases that it had once. */
final class CachedAliasesTest {

    private final TargetFixture fixture = new TargetFixture();

    @BeforeEach
    void replicateTwoCollections() {
        fixture.milvus.describeFromCache();
        fixture.replicate(SourceDouble.collection(1, "a", 100).aliases("x").build());
        fixture.replicate(SourceDouble.collection(2, "b", 200).build());
        fixture.milvus.describeFromCache();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anAliasThatWasMovedOutlivesTheCollectionThatHadIt() {
        moveAlias();
        assertThat(fixture.copy("a").aliases()).as("stale").containsExactly("x");

        assertThat(fixture.drops.dropCollection(100, "default", "a", 300)).isTrue();
        assertThat(fixture.client.describe("default", "x").orElseThrow().name()).isEqualTo("b");
    }

    @Test
    void anAliasThatWasLostIsMadeAgain() {
        fixture.client.dropAlias("default", "x");
        assertThat(fixture.copy("a").aliases()).as("stale").containsExactly("x");

        assertThat(fixture.reconcile(1L).pending()).isEmpty();
        assertThat(fixture.client.describe("default", "x").orElseThrow().name()).isEqualTo("a");
    }

    @Test
    void nothingIsDoneToAnAliasThatIsWhereItBelongs() {
        moveAlias();
        fixture.milvus.forgetChanges();

        assertThat(fixture.reconcile(1L, 2L).pending()).isEmpty();
        assertThat(fixture.milvus.changes()).isEmpty();
    }

    private void moveAlias() {
        fixture.source.put(SourceDouble.collection(1, "a", 100).build());
        fixture.source.put(SourceDouble.collection(2, "b", 200).aliases("x").build());
        assertThat(fixture.reconcile(1L, 2L).pending()).isEmpty();
    }
}

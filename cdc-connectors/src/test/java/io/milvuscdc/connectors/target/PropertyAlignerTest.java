// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.SourceDouble.Draft;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of a target since 2.4, as {@link FakeMilvus} is here. */
final class PropertyAlignerTest {

    private static final KeyValuePair ISOLATED =
            SourceDouble.pair("partitionkey.isolation", "true");
    private static final KeyValuePair MMAP = SourceDouble.pair("mmap.enabled", "true");
    private static final KeyValuePair TTL = SourceDouble.pair("collection.ttl.seconds", "60");
    private static final SourceCollection LOADED =
            SourceDouble.collection(1, "c", 100).flatIndex("ix").loaded(true, 10L).build();

    private final TargetFixture fixture = new TargetFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void dropsTheIndexToSetTheIsolationOfPartitionKeysAndMakesItAgain() {
        fixture.replicate(LOADED);

        assertThat(fixture.replicate(with(ISOLATED)).pending()).isEmpty();
        assertThat(fixture.copy("c").properties()).containsExactly(ISOLATED);
        assertIndexedAndLoaded();
    }

    @Test
    void setsItTogetherWithWhatCannotBeSetWhileTheCollectionIsLoaded() {
        fixture.replicate(LOADED);

        assertThat(fixture.replicate(with(MMAP, ISOLATED)).pending()).isEmpty();
        assertThat(fixture.copy("c").properties()).containsExactlyInAnyOrder(MMAP, ISOLATED);
        assertIndexedAndLoaded();
    }

    @Test
    void keepsTheIsolationWhenItSetsSomethingElse() {
        fixture.replicate(with(ISOLATED));
        fixture.milvus.forgetChanges();

        assertThat(fixture.replicate(with(ISOLATED, TTL)).pending()).isEmpty();
        assertThat(fixture.copy("c").properties()).containsExactlyInAnyOrder(ISOLATED, TTL);
        assertThat(fixture.milvus.changes()).containsExactly("AlterCollection");
    }

    @Test
    void releasesACollectionOnlyOnceForAChangeThatIsRefusedAllTheSame() {
        fixture.replicate(LOADED);
        fixture.milvus.refuse("AlterCollection", 104, "can not alter mmap properties");
        assertThat(fixture.replicate(with(MMAP)).pending())
                .singleElement()
                .asString()
                .contains("can not alter mmap");
        assertIndexedAndLoaded();
        fixture.milvus.forgetChanges();

        for (int i = 0; i < 3; i++) {
            fixture.later(Duration.ofSeconds(30));
            assertThat(fixture.reconcile().pending()).hasSize(1);
        }
        assertThat(fixture.milvus.changes()).containsOnly("AlterCollection");

        fixture.milvus.refuseNothing();
        assertThat(fixture.replicate(with(MMAP, TTL)).pending()).isEmpty();
        assertThat(fixture.copy("c").properties()).containsExactlyInAnyOrder(MMAP, TTL);
        assertIndexedAndLoaded();
    }

    private static SourceCollection with(KeyValuePair... properties) {
        return Draft.of(LOADED).properties(properties).build();
    }

    private void assertIndexedAndLoaded() {
        assertThat(fixture.client.describeIndexes("default", "c"))
                .extracting(TargetIndex::name)
                .containsExactly("ix");
        assertThat(fixture.client.loadState("default", "c", List.of()))
                .isEqualTo(LoadState.LoadStateLoaded);
    }
}

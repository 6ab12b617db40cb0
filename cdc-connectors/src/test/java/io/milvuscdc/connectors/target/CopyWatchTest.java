// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CopyWatchTest {

    private final TargetFixture fixture = new TargetFixture();

    @BeforeEach
    void replicateOneCollection() {
        fixture.replicate(SourceDouble.collection(1, "c", 100).partition(11, "p1", 110).build());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aCopyThatSomebodyElseHasDroppedIsMissedWithinAMinute() {
        fixture.client.dropCollection("default", "c", 150);
        fixture.reconcile();

        fixture.later(Duration.ofMinutes(1));
        assertThatThrownBy(fixture::reconcile)
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("source collection default.c isn't at the target any more")
                .hasMessageContaining("somebody else has dropped it. What");
    }

    @Test
    void soIsOneThatHasAnotherOneInItsPlaceAsSoonAsAnythingIsCompared() {
        fixture.client.dropCollection("default", "c", 150);
        fixture.milvus.make("c", 100);

        assertThatThrownBy(() -> fixture.reconcile(2L))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("and default.c (id");
    }

    @Test
    void aCopyWhoseDropWasCommittedIsNotMissed() {
        fixture.source.drop(1);
        fixture.drops.dropCollection(100, "default", "c", 150);

        fixture.later(Duration.ofMinutes(1));
        fixture.reconcile();
        fixture.reconcile(1L);
        assertThat(fixture.client.listCollections("default")).isEmpty();
    }

    @Test
    void norIsOneThatWasRenamedThere() {
        fixture.client.rename("default", "c", "default", "other");

        fixture.later(Duration.ofMinutes(1));
        fixture.reconcile();
    }

    @Test
    void aPartitionThatSomebodyElseHasDroppedIsMissedWhenItsCollectionIsCompared() {
        fixture.client.dropPartition("default", "c", "p1", 150);

        assertThatThrownBy(() -> fixture.reconcile(1L))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("Partition p1 of default.c isn't at the target any more");
    }

    @Test
    void soIsOneThatWasMadeAgain() {
        fixture.client.dropPartition("default", "c", "p1", 150);
        fixture.milvus.makeAgain("c", "p1");

        assertThatThrownBy(() -> fixture.reconcile(1L))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("and another one (id");
    }

    @Test
    void aPartitionOfThatNameThatTheSourceHasMadeAgainIsAnotherOne() {
        long older = fixture.client.partitions("default", "c").get("p1").id();
        fixture.source.put(SourceDouble.collection(1, "c", 100).partition(12, "p1", 120).build());
        fixture.drops.dropPartition(100, "p1", older, 115);

        fixture.reconcile(1L);
        fixture.reconcile(1L);
        assertThat(fixture.client.partitions("default", "c").get("p1").id()).isNotEqualTo(older);
    }

    @Test
    void aPartitionWhoseDropWasCommittedIsNotMissed() {
        long id = fixture.client.partitions("default", "c").get("p1").id();
        fixture.source.put(SourceDouble.collection(1, "c", 100).build());
        fixture.drops.dropPartition(100, "p1", id, 150);

        assertThat(fixture.reconcile(1L).pending()).isEqualTo(List.of());
    }
}

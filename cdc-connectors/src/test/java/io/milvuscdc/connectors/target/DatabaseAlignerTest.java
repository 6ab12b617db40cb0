// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.KeyValuePair;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DatabaseAlignerTest {

    private static final KeyValuePair QUOTA = SourceDouble.pair("database.diskQuota.mb", "100");
    private static final KeyValuePair OWN = SourceDouble.pair("database.replica.number", "2");

    private final TargetFixture fixture = new TargetFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void setsAndRemovesWhatTheSourceHasChangedAndKeepsWhatIsTheTargetsOwn() {
        fixture.milvus.knowYoungerCalls();
        fixture.source.database("d");
        fixture.reconcile();
        fixture.client.alterDatabase("d", List.of(OWN));

        fixture.source.database("d", QUOTA);
        assertThat(fixture.reconcile().pending()).isEmpty();
        assertThat(properties()).containsExactlyInAnyOrder(QUOTA, OWN);

        fixture.milvus.forgetChanges();
        fixture.reconcile();
        assertThat(fixture.milvus.changes()).isEmpty();

        fixture.source.database("d");
        assertThat(fixture.reconcile().applied())
                .containsExactly("removed properties [database.diskQuota.mb] of database d");
        assertThat(properties()).containsExactly(OWN);
    }

    @Test
    void setsThemOfADatabaseThatWasMadeForACollection() {
        fixture.milvus.knowYoungerCalls();
        fixture.client.ensureDatabase("d");
        fixture.source.database("d", QUOTA);

        fixture.reconcile();
        assertThat(properties()).containsExactly(QUOTA);
    }

    @Test
    void copiesNothingThatPutsTheTargetIntoAnotherMode() {
        fixture.milvus.knowYoungerCalls();
        fixture.source.database("d", SourceDouble.pair("replicate.id", "x"), QUOTA);

        fixture.reconcile();
        assertThat(properties()).containsExactly(QUOTA);
    }

    @Test
    void livesWithATargetThatKnowsNone() {
        fixture.source.database("d");
        fixture.reconcile();
        fixture.source.database("d", QUOTA);

        assertThat(fixture.reconcile().pending()).isEmpty();
    }

    private List<KeyValuePair> properties() {
        return fixture.client.databaseProperties("d").orElseThrow();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run does whose right to feed the target has run out, and may come back. */
final class ChangeGuardTest {

    private final TargetFixture fixture = new TargetFixture();
    private final AtomicBoolean held = new AtomicBoolean();
    private final TargetClient guarded =
            TargetClient.ofJob(fixture.config(1), CallListener.NONE, held::get);
    private final DropExecutor drops = new DropExecutor(guarded, fixture.adoptions);

    @BeforeEach
    void replicateTwoCollections() {
        fixture.replicate(SourceDouble.collection(1, "c", 100).build());
        fixture.replicate(SourceDouble.collection(2, "drops", 200).build());
        fixture.milvus.forgetChanges();
    }

    @AfterEach
    void close() {
        guarded.close();
        fixture.close();
    }

    @Test
    void nothingIsChangedWithoutTheRight() {
        List<Runnable> changes =
                List.of(
                        () ->
                                guarded.createCollection(
                                        SourceDouble.collection(3, "new", 300).build()),
                        () -> guarded.createAlias("default", "c", "al"),
                        () -> guarded.rename("default", "c", "default", "renamed"),
                        () -> guarded.dropAlias("default", "al"),
                        () -> drops.dropCollection(200, "default", "drops", 250));
        for (Runnable change : changes) {
            assertThatThrownBy(change::run)
                    .isInstanceOfSatisfying(
                            TargetException.class,
                            e -> {
                                assertThat(e.kind()).isEqualTo(TargetException.Kind.RETRY);
                                assertThat(e.unanswered()).isTrue();
                            })
                    .hasMessageContaining("another run may feed it");
        }
        assertThat(fixture.milvus.changes()).isEmpty();
        assertThat(guarded.listCollections("default")).as("reads go on").hasSize(2);

        held.set(true);
        changes.forEach(Runnable::run);
        assertThat(fixture.milvus.changes())
                .containsExactly(
                        "CreateCollection",
                        "CreateAlias",
                        "RenameCollection",
                        "DropAlias",
                        "DropCollection");
    }

    @Test
    void aPassOfTheReconcilerIsLeftForLater() {
        MetadataReconciler reconciler =
                new MetadataReconciler(
                        guarded, fixture.source, fixture.adoptions, drops, fixture.nanos::get);
        fixture.source.put(SourceDouble.collection(3, "new", 300).build());

        reconciler.reconcile(TargetFixture.LATE_TICK, TargetFixture.LATE_TICK);
        assertThat(fixture.milvus.changes()).isEmpty();

        held.set(true);
        reconciler.reconcile(TargetFixture.LATE_TICK, TargetFixture.LATE_TICK);
        assertThat(fixture.milvus.changes()).containsExactly("CreateCollection");
    }

    @Test
    void aRightThatIsLostForGoodSaysWhy() {
        ChangeGuard lost =
                () -> {
                    throw new IOException("another run has come");
                };
        try (TargetClient client = TargetClient.ofJob(fixture.config(1), CallListener.NONE, lost)) {
            assertThatThrownBy(() -> client.dropDatabase("d"))
                    .isInstanceOf(TargetException.class)
                    .hasStackTraceContaining("another run has come");
        }
        assertThat(fixture.milvus.changes()).isEmpty();
    }
}

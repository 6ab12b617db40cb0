// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.MetadataReconciler.ReconcileResult;
import io.milvuscdc.connectors.tls.TlsConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A fake target, a source double, and what the tests do with both. */
final class TargetFixture implements AutoCloseable {

    /** Where the fixture's clock stands for the tests' tsos: all are small. */
    static final long LATE_TICK = Long.MAX_VALUE;

    final FakeMilvus milvus = new FakeMilvus();
    final SourceDouble source = new SourceDouble();
    final AtomicLong nanos = new AtomicLong();
    final TargetClient client = client(1);
    final Adoptions adoptions = new Adoptions();
    final TargetDirectory directory = new TargetDirectory(client, adoptions, nanos::get);
    final DropExecutor drops = new DropExecutor(client, adoptions);
    final MetadataReconciler reconciler =
            new MetadataReconciler(client, source, adoptions, drops, nanos::get);

    /** Of a task that has sent ticks, so that loads may begin. */
    TargetFixture() {
        for (long tick = 1; tick <= 3; tick++) {
            reconciler.reconcile(tick, tick);
        }
        reconciler.markAllDirty();
    }

    /** Puts a collection into the source, and reconciles it. */
    ReconcileResult replicate(SourceCollection collection) {
        source.put(collection);
        return reconcile(collection.id());
    }

    ReconcileResult reconcile(Long... dirty) {
        reconciler.markDirty(List.of(dirty));
        return reconciler.reconcile(LATE_TICK, LATE_TICK);
    }

    /** Of the same target; what isn't answered is asked so many times. */
    TargetClient client(int attempts) {
        return new TargetClient(config(attempts));
    }

    /** Of the same target; after its calls of this name something is done. */
    TargetClient onceDone(String call, Runnable then) {
        return TargetClient.ofJob(
                config(1),
                name -> {
                    if (name.equals(call)) {
                        then.run();
                    }
                });
    }

    TargetConfig config(int attempts) {
        return new TargetConfig(
                milvus.uri(),
                "",
                TlsConfig.SYSTEM,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                attempts);
    }

    void later(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    TargetCollection copy(String name) {
        return client.describe("default", name).orElseThrow();
    }

    @Override
    public void close() {
        client.close();
        milvus.close();
    }
}

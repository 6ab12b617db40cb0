// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.servers.ServerProcess;
import io.milvuscdc.e2e.servers.SkewedClock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Clocks that are wrong. */
final class ClockFaults {

    private static final int SECONDS = 5;

    private ClockFaults() {}

    /** The clock of one process goes back, stays behind, and is set right again. */
    static Fault setBack(Server milvus, Function<FaultedReplication, ServerProcess> process) {
        AtomicReference<SkewedClock> clock = new AtomicReference<>();
        return Fault.lasting(
                        "the clock of %s goes back by %d s".formatted(milvus.words(), SECONDS),
                        r -> clock.set(SkewedClock.setBack(process.apply(r).pid(), SECONDS)),
                        r -> clock.get().setRight())
                .upsetting(Set.of(milvus));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.servers.Await;
import java.time.Duration;
import java.util.Map;

/**
 * Tells whether servers have done what rows of earlier measurements left them to do: they use next
 * to nothing, or, after a while, as much as ever. A Milvus of hundreds of shards is never idle.
 */
final class Calm {

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final double CORES = 0.4;

    /** What is steady may be work before that, such as an index being built. */
    private static final int LOOKS_BEFORE_STEADY = 60;

    private static final int STEADY_LOOKS = 10;
    private static final double STEADY_SHARE = 0.1;

    private int looks;
    private int steadyLooks;
    private double base;

    /** Waits until processes are at rest. */
    static void await(Map<String, Long> pids) {
        Calm calm = new Calm();
        Await.until(
                "the servers to be at rest",
                Await.PATIENCE,
                () -> {
                    try (CpuSampler sampler = CpuSampler.of(pids)) {
                        Await.pause(LOOK);
                        return calm.isReached(sampler.all().cores());
                    }
                });
    }

    /**
     * Whether they are at rest.
     *
     * @param cores that they kept busy since the last look
     */
    boolean isReached(double cores) {
        looks++;
        if (Math.abs(cores - base) <= base * STEADY_SHARE) {
            steadyLooks++;
        } else {
            base = cores;
            steadyLooks = 1;
        }
        return cores < CORES || (looks > LOOKS_BEFORE_STEADY && steadyLooks >= STEADY_LOOKS);
    }
}

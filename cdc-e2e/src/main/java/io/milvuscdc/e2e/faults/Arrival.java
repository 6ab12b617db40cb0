// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ServerException;
import java.time.Duration;
import java.util.Optional;

/** Waits for what arrives at the target, and starts servers again that end meanwhile. */
final class Arrival {

    private static final Duration BOUND = Await.PATIENCE;

    /** So often it's looked whether a server has ended while nothing new is shown. */
    private static final Duration LOOK_AROUND = Duration.ofSeconds(30);

    private final FaultedReplication replication;
    private final TickWatch ticks;

    Arrival(FaultedReplication replication) {
        this.replication = replication;
        this.ticks = new TickWatch(replication.pair());
    }

    /**
     * Waits until what is written now is shown.
     *
     * @return how long that took
     * @throws ServerException when nothing new is shown in time
     */
    Duration untilVisible() {
        long now = System.currentTimeMillis();
        for (Duration waited = Duration.ZERO;
                waited.compareTo(BOUND) < 0;
                waited = waited.plus(LOOK_AROUND)) {
            Optional<Duration> visible = ticks.untilVisible(now, LOOK_AROUND);
            if (visible.isPresent()) {
                return visible.get();
            }
            replication.revive();
        }
        throw new ServerException(
                "the target has shown nothing new for " + BOUND.toSeconds() + " s");
    }

    /** Waits until all that is written is shown; nobody may write any more. */
    void untilAllIsVisible() {
        // the second tick comes when all pchannels have got the first
        untilVisible();
        untilVisible();
    }
}

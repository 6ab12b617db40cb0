// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.servers.Await;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Something that goes wrong and passes.
 *
 * @param name in a few words, as the table of faults has it
 * @param begin makes it happen; returns once it has
 * @param end makes it pass; returns when all servers answer again
 * @param lasts whether it stays until {@code end}; otherwise it's over as soon as it has happened
 * @param upsets which servers may end themselves because of it, if it lasts for long
 */
record Fault(String name, Step begin, Step end, boolean lasts, Set<Server> upsets) {

    /** That nothing has gone wrong. */
    static final Fault NONE = new Fault("", r -> {}, r -> {}, false, Set.of());

    Fault {
        upsets = Set.copyOf(upsets);
    }

    /** What is done to the servers. */
    @FunctionalInterface
    interface Step {
        void on(FaultedReplication replication) throws Exception;
    }

    /** One that strikes and is mended at once. */
    static Fault blow(String name, Step blow) {
        return new Fault(name, blow, FaultedReplication::revive, false, Set.of());
    }

    /** One that lasts for a while. */
    static Fault lasting(String name, Step begin, Step end) {
        return new Fault(
                name,
                begin,
                replication -> {
                    end.on(replication);
                    replication.revive();
                },
                true,
                Set.of());
    }

    /** The same, after which these servers may have ended themselves. */
    Fault upsetting(Set<Server> servers) {
        return new Fault(name, begin, end, lasts, servers);
    }

    /** The same, which only returns from its begin after a while. */
    Fault andStays(Duration length) {
        return new Fault(
                name,
                replication -> {
                    begin.on(replication);
                    Await.pause(length);
                },
                end,
                lasts,
                upsets);
    }

    /** The same with something more to be done at its end. */
    Fault thenAtItsEnd(Step more) {
        return new Fault(
                name,
                begin,
                replication -> {
                    end.on(replication);
                    more.on(replication);
                },
                lasts,
                upsets);
    }

    /** This one while another one lasts, which ends last: until then servers may stand still. */
    Fault during(Fault other) {
        Set<Server> both = new HashSet<>(upsets);
        both.addAll(other.upsets);
        return new Fault(
                name + ", while " + other.name,
                replication -> {
                    other.begin.on(replication);
                    begin.on(replication);
                },
                replication -> {
                    if (lasts) {
                        end.on(replication);
                    }
                    other.end.on(replication);
                },
                lasts,
                both);
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.time.Duration;
import java.util.List;

/** Two faults at a time, of servers and ways that don't depend on each other. */
final class MixedFaults {

    private static final String TARGET_STALLED = "no packet to the target arrives";

    /**
     * A control plane that answers again begins its job in this time, while the other fault lasts;
     * other servers that answer are there.
     */
    private static final Duration COMES_UP = Duration.ofSeconds(5);

    private MixedFaults() {}

    /** Each once that doesn't make a Milvus start again. */
    static List<Fault> of(Setting setting) {
        List<Fault> single = Faults.besideMilvus(setting);
        String queue = setting.hasPulsar() ? "Pulsar" : "Kafka";
        return List.of(
                during(single, "the target Milvus stands still (SIGSTOP)", "kill -9 of " + queue),
                during(single, TARGET_STALLED, "connections to " + queue + " cut"),
                killOfControlPlane(single).during(named(single, TARGET_STALLED)),
                killOfControlPlane(single).during(named(single, "connections to etcd cut")),
                during(single, queue + " is 300 ms away", "kill -9 of etcd"));
    }

    private static Fault during(List<Fault> single, String lasting, String other) {
        return named(single, other).during(named(single, lasting));
    }

    private static Fault killOfControlPlane(List<Fault> single) {
        return named(single, "kill -9 of the control plane").andStays(COMES_UP);
    }

    private static Fault named(List<Fault> faults, String name) {
        return faults.stream()
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault is called " + name));
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.servers.ServerProcess;
import io.milvuscdc.e2e.servers.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The faults that pass, and that a task has to survive. */
final class Faults {

    private static final Duration SLOW = Duration.ofMillis(300);

    private Faults() {}

    /** Each of them once. */
    static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        all.addAll(kills());
        processes().forEach((name, process) -> all.add(suspension(name, process)));
        wires().forEach((name, wire) -> all.addAll(broken(name, wire)));
        all.add(DiskFaults.checkpointsAway());
        all.add(CatalogueFaults.compactedWhileAway());
        return all;
    }

    private static List<Fault> kills() {
        return List.of(
                Fault.blow("kill -9 of the control plane", r -> r.plane().restart()),
                Fault.blow("kill -9 of the target Milvus", r -> r.pair().target().restart()),
                Fault.blow("kill -9 of the source Milvus", r -> r.pair().source().restart()),
                Fault.blow("kill -9 of Kafka", r -> r.pair().kafka().killAndRestart()),
                Fault.blow("kill -9 of etcd", r -> r.pair().etcd().restart()));
    }

    private static Map<String, Function<FaultedReplication, ServerProcess>> processes() {
        return new TreeMap<>(
                Map.of(
                        "the control plane", r -> r.plane().process(),
                        "the target Milvus", r -> r.pair().target().process(),
                        "the source Milvus", r -> r.pair().source().process(),
                        "Kafka", r -> r.pair().kafka().process(),
                        "etcd", r -> r.pair().etcd().process()));
    }

    private static Fault suspension(
            String name, Function<FaultedReplication, ServerProcess> process) {
        return Fault.lasting(
                name + " stands still (SIGSTOP)",
                r -> process.apply(r).suspend(),
                r -> process.apply(r).resumeProcess());
    }

    private static Map<String, Function<FaultedReplication, Wire>> wires() {
        return new TreeMap<>(
                Map.of(
                        "the target", FaultedReplication::targetWire,
                        "Kafka", FaultedReplication::queueWire,
                        "etcd", FaultedReplication::etcdWire));
    }

    private static List<Fault> broken(String name, Function<FaultedReplication, Wire> wire) {
        Fault.Step heal = r -> wire.apply(r).heal();
        return List.of(
                Fault.lasting("connections to " + name + " cut", r -> wire.apply(r).cut(), heal),
                Fault.lasting(
                        "no packet to " + name + " arrives", r -> wire.apply(r).stall(), heal),
                Fault.lasting(
                        name + " is " + SLOW.toMillis() + " ms away",
                        r -> wire.apply(r).slowDown(SLOW),
                        heal));
    }
}

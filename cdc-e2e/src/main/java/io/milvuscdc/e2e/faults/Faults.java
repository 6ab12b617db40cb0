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

/**
 * The faults that pass, and that a task has to survive.
 *
 * <p>A Milvus 2.3.5 that is started again may lose rows for good that stand in its queue: while no
 * tick is there to read yet, it thinks that all readers of a pchannel are at the same place, and
 * goes on from the foremost (Milvus issue 34255, mended by pull 34562). After {@link #ofMilvus}
 * source and target can only be compared by their queues.
 */
final class Faults {

    private static final Duration SLOW = Duration.ofMillis(300);

    private Faults() {}

    /** Each once that doesn't make a Milvus start again, and leaves clocks alone. */
    static List<Fault> besideMilvus(Setting setting) {
        List<Fault> all = new ArrayList<>();
        all.addAll(killsBesideMilvus());
        if (setting.hasPulsar()) {
            all.add(Fault.blow("kill -9 of Pulsar", r -> r.pair().broker().killAndRestart()));
        }
        if (setting.session()) {
            all.addAll(SessionFaults.kills());
        }
        processes(setting).forEach((name, process) -> all.add(suspension(name, process)));
        wires(setting).forEach((name, wire) -> all.addAll(broken(name, wire)));
        all.add(DiskFaults.checkpointsAway());
        all.add(CatalogueFaults.compactedWhileAway());
        return all;
    }

    /** Those of clocks, each once. */
    static List<Fault> ofClocks() {
        return List.of(
                ClockFaults.setBack("the target Milvus", r -> r.pair().target().process()),
                ClockFaults.setBack("the source Milvus", r -> r.pair().source().process()));
    }

    /** The kills of both Milvus. */
    static List<Fault> ofMilvus() {
        return List.of(
                Fault.blow("kill -9 of the target Milvus", r -> r.restart(r.pair().target())),
                Fault.blow("kill -9 of the source Milvus", r -> r.restart(r.pair().source())));
    }

    private static List<Fault> killsBesideMilvus() {
        return List.of(
                Fault.blow("kill -9 of the control plane", r -> r.plane().restart()),
                Fault.blow("kill -9 of Kafka", r -> r.pair().kafka().killAndRestart()),
                Fault.blow("kill -9 of etcd", r -> r.pair().etcd().restart()));
    }

    private static Map<String, Function<FaultedReplication, ServerProcess>> processes(
            Setting setting) {
        Map<String, Function<FaultedReplication, ServerProcess>> all =
                new TreeMap<>(
                        Map.of(
                                "the control plane", r -> r.plane().process(),
                                "the target Milvus", r -> r.pair().target().process(),
                                "the source Milvus", r -> r.pair().source().process(),
                                "Kafka", r -> r.pair().kafka().process(),
                                "etcd", r -> r.pair().etcd().process()));
        if (setting.hasPulsar()) {
            all.put("Pulsar", r -> r.pair().broker().process());
        }
        if (setting.session()) {
            all.putAll(SessionFaults.processes());
        }
        return all;
    }

    private static Fault suspension(
            String name, Function<FaultedReplication, ServerProcess> process) {
        return Fault.lasting(
                name + " stands still (SIGSTOP)",
                r -> process.apply(r).suspend(),
                r -> process.apply(r).resumeProcess());
    }

    private static Map<String, Function<FaultedReplication, Wire>> wires(Setting setting) {
        Map<String, Function<FaultedReplication, Wire>> all =
                new TreeMap<>(
                        Map.of(
                                "the target",
                                FaultedReplication::targetWire,
                                setting.hasPulsar() ? "Pulsar" : "Kafka",
                                FaultedReplication::queueWire,
                                "etcd",
                                FaultedReplication::etcdWire));
        if (setting.session()) {
            all.put("the session cluster", FaultedReplication::flinkWire);
        }
        return all;
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

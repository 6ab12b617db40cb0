// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.servers.ServerProcess;
import io.milvuscdc.e2e.servers.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        all.addAll(killsBesideMilvus(setting));
        if (setting.session()) {
            all.addAll(SessionFaults.kills());
            SessionFaults.processes()
                    .forEach((name, process) -> all.add(suspension(name, process)));
        }
        processes(setting)
                .forEach(
                        (server, process) ->
                                all.add(
                                        suspension(server.words(), process)
                                                .upsetting(server.andWhatNeedsIt(setting))));
        wires(setting).forEach((name, wire) -> all.addAll(broken(name, wire)));
        broken("the task store", FaultedReplication::storeWire)
                .forEach(fault -> all.add(fault.upsetting(Set.of(Server.CONTROL_PLANE))));
        all.add(DiskFaults.checkpointsAway());
        all.add(CatalogueFaults.compactedWhileAway());
        return all;
    }

    /** Those of clocks, each once. */
    static List<Fault> ofClocks() {
        return List.of(
                ClockFaults.setBack(Server.TARGET, r -> r.pair().target().process()),
                ClockFaults.setBack(Server.SOURCE, r -> r.pair().source().process()));
    }

    /** The kills of both Milvus. */
    static List<Fault> ofMilvus() {
        return List.of(
                kill(Server.TARGET, r -> r.restart(r.pair().target())),
                kill(Server.SOURCE, r -> r.restart(r.pair().source())));
    }

    private static List<Fault> killsBesideMilvus(Setting setting) {
        List<Fault> kills = new ArrayList<>();
        kills.add(kill(Server.CONTROL_PLANE, r -> r.plane().restart()));
        kills.add(
                kill(Server.KAFKA, r -> r.pair().kafka().killAndRestart())
                        .upsetting(Server.KAFKA.andWhatNeedsIt(setting)));
        kills.add(
                kill(Server.ETCD, r -> r.pair().etcd().restart())
                        .upsetting(Server.ETCD.andWhatNeedsIt(setting)));
        if (setting.hasPulsar()) {
            kills.add(
                    kill(Server.PULSAR, r -> r.pair().broker().killAndRestart())
                            .upsetting(Server.PULSAR.andWhatNeedsIt(setting)));
        }
        return kills;
    }

    private static Fault kill(Server server, Fault.Step kill) {
        return Fault.blow("kill -9 of " + server.words(), kill);
    }

    private static Map<Server, Function<FaultedReplication, ServerProcess>> processes(
            Setting setting) {
        Map<Server, Function<FaultedReplication, ServerProcess>> all =
                new EnumMap<>(
                        Map.of(
                                Server.CONTROL_PLANE, r -> r.plane().process(),
                                Server.TARGET, r -> r.pair().target().process(),
                                Server.SOURCE, r -> r.pair().source().process(),
                                Server.KAFKA, r -> r.pair().kafka().process(),
                                Server.ETCD, r -> r.pair().etcd().process()));
        if (setting.hasPulsar()) {
            all.put(Server.PULSAR, r -> r.pair().broker().process());
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

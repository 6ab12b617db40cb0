// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.ControlPlane.EtcdStore;
import io.milvuscdc.e2e.servers.FlinkCluster;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.MilvusServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.ServerException;
import io.milvuscdc.e2e.servers.ServerProcess;
import io.milvuscdc.e2e.servers.Wire;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pair, a control plane that reaches each of them by a {@link Wire} of its own, and a task that
 * replicates everything.
 */
public final class FaultedReplication implements AutoCloseable {

    /** Below it are the tasks in etcd. */
    static final String STORE = "milvus-cdc-faults";

    /** Longer than a Milvus takes that was killed. */
    private static final Duration GETS_READY = Duration.ofMinutes(1);

    /** In the last words of a control plane that ends itself, as it's documented to. */
    private static final String LOST_ITS_STORE = "it no longer owns the task store";

    private final Setting setting;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Path directory;
    private final MilvusPair pair;
    private final Wire etcd;
    private final Wire store;
    private final Wire queue;
    private final Wire target;
    private final Optional<FlinkCluster> flink;
    private final Optional<Wire> flinkWire;
    private final ControlPlane plane;
    private final CdcClient cdc;
    private final String task;
    private final Blame blame = new Blame(System::nanoTime);
    private final List<Accident> accidents = new ArrayList<>();
    private final List<String> milvusRestarts = new ArrayList<>();

    private FaultedReplication(String name, Setting setting) {
        this.setting = setting;
        directory = ServerDirectory.of(name);
        FreePorts ports = new FreePorts();
        ServerCache cache = ServerCache.fetchFor(setting.queue(), setting.session());
        try {
            pair = opened(MilvusPair.start(cache, directory, setting.queue()));
            etcd = opened(wire(ports, pair.etcd().endpoint()));
            store = opened(wire(ports, pair.etcd().endpoint()));
            queue = opened(pair.broker().wire());
            target = opened(wire(ports, authority(pair.target().uri())));
            flink =
                    setting.session()
                            ? Optional.of(
                                    opened(
                                            FlinkCluster.start(
                                                    cache, ports, directory.resolve("flink"))))
                            : Optional.empty();
            flinkWire = flink.map(cluster -> opened(wire(ports, authority(cluster.url()))));
            plane =
                    opened(
                            ControlPlane.start(
                                    ports,
                                    directory.resolve("cdc"),
                                    pair.source(),
                                    new ControlPlane.Ways(
                                            etcd.address(),
                                            pair.broker().address(queue),
                                            Optional.of(new EtcdStore(store.address(), STORE))),
                                    Map.of(),
                                    flinkWire
                                            .map(way -> ControlPlane.sessionMode(way.address()))
                                            .orElse(Map.of())));
            cdc = new CdcClient(plane.apiUrl());
            task = cdc.createForEverything("http://" + target.address(), false);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts all of it.
     *
     * @param name of the directory below {@code target/servers}
     */
    public static FaultedReplication start(String name, Setting setting) {
        return new FaultedReplication(name, setting);
    }

    private static String authority(String url) {
        return URI.create(url).getAuthority();
    }

    private <T extends AutoCloseable> T opened(T part) {
        started.push(part);
        return part;
    }

    private static Wire wire(FreePorts ports, String address) {
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        return Wire.open(ports.next(), port);
    }

    public MilvusPair pair() {
        return pair;
    }

    /** Between the control plane and what the source keeps in etcd. */
    Wire etcdWire() {
        return etcd;
    }

    /** Between the control plane and its tasks, which are in the same etcd. */
    Wire storeWire() {
        return store;
    }

    /** Between the control plane and the message queue. */
    Wire queueWire() {
        return queue;
    }

    /** Between the control plane and the target. */
    Wire targetWire() {
        return target;
    }

    /** Between the control plane and the session cluster. */
    Wire flinkWire() {
        return flinkWire.orElseThrow();
    }

    /** The session cluster that runs the jobs. */
    FlinkCluster flink() {
        return flink.orElseThrow();
    }

    Setting setting() {
        return setting;
    }

    public ControlPlane plane() {
        return plane;
    }

    /** {@code Initial}, {@code Running} or {@code Paused}. */
    public String state() {
        return cdc.state(task);
    }

    /** Why the task is paused; empty when it isn't. */
    public String reason() {
        return cdc.reason(task);
    }

    /** The log that the control plane writes for people. */
    Path log() {
        return directory.resolve("cdc").resolve("logs").resolve("milvus-cdc.log");
    }

    /** Where tasks, checkpoints and savepoints are. */
    public Path data() {
        return directory.resolve("cdc").resolve("data");
    }

    /** A fault strikes, which what ends of itself from now on is put down to. */
    void begins(Fault fault) {
        blame.begins(fault);
    }

    /** Kills a Milvus and starts it. */
    void restart(MilvusServer milvus) {
        milvusRestarts.add(blame.after());
        milvus.restart();
    }

    /** After which faults a Milvus was started again, by them or because it had ended of itself. */
    List<String> milvusRestarts() {
        return List.copyOf(milvusRestarts);
    }

    /**
     * Starts servers that have ended of themselves or don't get ready, as a supervisor would: a
     * Milvus does so when it loses etcd, a control plane when it loses its task store there. They
     * are among the {@link #accidents}.
     *
     * @throws ServerException when the control plane has ended for any other reason
     */
    void revive() {
        blame.ends();
        revive(Server.ETCD, pair.etcd().process(), pair.etcd()::restart);
        revive(Server.KAFKA, pair.kafka().process(), pair.kafka()::killAndRestart);
        if (setting.hasPulsar()) {
            revive(Server.PULSAR, pair.broker().process(), pair.broker()::killAndRestart);
        }
        revive(Server.SOURCE, pair.source());
        revive(Server.TARGET, pair.target());
        plane.process().ended().ifPresent(this::superviseControlPlane);
    }

    private void superviseControlPlane(String end) {
        if (!end.contains(LOST_ITS_STORE)) {
            throw new ServerException("the control plane: " + end);
        }
        accident(Server.CONTROL_PLANE, "ended itself, as it had lost its store");
        plane.restart();
    }

    private void revive(Server server, ServerProcess process, Runnable restart) {
        Optional<String> end = process.ended();
        if (end.isPresent()) {
            accident(server, "has ended of itself: " + end.get());
            restart.run();
        }
    }

    /** Some lose their session in etcd, stay, and answer for ever that they aren't ready. */
    private void revive(Server server, MilvusServer milvus) {
        revive(server, milvus.process(), () -> restart(milvus));
        if (!milvus.isReadyWithin(GETS_READY)) {
            accident(server, "lives, but doesn't get ready");
            restart(milvus);
        }
        milvus.awaitReady();
    }

    private void accident(Server server, String words) {
        Accident accident = blame.of(server, words);
        accidents.add(accident);
        System.out.println(accident + "; it's started again");
    }

    /** Which servers have ended of themselves. */
    List<Accident> accidents() {
        return List.copyOf(accidents);
    }

    /** Stops the task with a savepoint; returns when it's paused. */
    void pause() {
        cdc.pause(task);
        Await.until("the task to pause", Await.PATIENCE, () -> state().equals("Paused"));
    }

    /** Has the task go on; returns before it does. */
    void resume() {
        cdc.resume(task);
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                failure = new ServerException("a server can't be stopped", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}

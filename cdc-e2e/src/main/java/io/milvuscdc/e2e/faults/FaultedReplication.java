// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.cdc.CdcClient;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.MilvusServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.ServerException;
import io.milvuscdc.e2e.servers.Wire;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pair, a control plane that reaches each of them by a {@link Wire} of its own, and a task that
 * replicates everything.
 */
public final class FaultedReplication implements AutoCloseable {

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Path directory;
    private final MilvusPair pair;
    private final Wire etcd;
    private final Wire queue;
    private final Wire target;
    private final ControlPlane plane;
    private final CdcClient cdc;
    private final String task;
    private int milvusRestarts;

    private FaultedReplication(String name) {
        directory = ServerDirectory.of(name);
        FreePorts ports = new FreePorts();
        try {
            pair = opened(MilvusPair.start(ServerCache.fetch(), directory));
            etcd = opened(wire(ports, pair.etcd().endpoint()));
            queue = opened(pair.kafka().wire());
            target = opened(wire(ports, URI.create(pair.target().uri()).getAuthority()));
            plane =
                    opened(
                            ControlPlane.start(
                                    ports,
                                    directory.resolve("cdc"),
                                    pair.source(),
                                    new ControlPlane.Ways(
                                            etcd.address(), queue.address(), Optional.empty()),
                                    Map.of(),
                                    Map.of()));
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
    public static FaultedReplication start(String name) {
        return new FaultedReplication(name);
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

    /** Between the control plane and etcd. */
    Wire etcdWire() {
        return etcd;
    }

    /** Between the control plane and the message queue. */
    Wire queueWire() {
        return queue;
    }

    /** Between the control plane and the target. */
    Wire targetWire() {
        return target;
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

    /** Kills a Milvus and starts it. */
    void restart(MilvusServer milvus) {
        milvusRestarts++;
        milvus.restart();
    }

    /** How often a Milvus was started again, by a fault or because it had ended of itself. */
    int milvusRestarts() {
        return milvusRestarts;
    }

    /** Starts what has ended of itself, as a supervisor would: Milvus does when it loses etcd. */
    void reviveMilvus() {
        for (MilvusServer milvus : List.of(pair.source(), pair.target())) {
            if (!milvus.process().isAlive()) {
                restart(milvus);
            }
            milvus.awaitReady();
        }
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

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.e2e.queue.KafkaQueueReader;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.servers.ControlPlane;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.MilvusServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.SourceQueue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A pair of Milvus with what they need, on which one replication after the other is measured. */
final class BenchServers implements AutoCloseable {

    private final Path directory;
    private final MilvusPair pair;
    private int replications;
    private int names;

    private BenchServers(Path directory, MilvusPair pair) {
        this.directory = directory;
        this.pair = pair;
    }

    /**
     * Starts them.
     *
     * @param name of the directory below {@code target/servers}
     * @param queue the source's
     */
    static BenchServers start(String name, SourceQueue queue) {
        Path directory = ServerDirectory.of(name);
        return new BenchServers(
                directory, MilvusPair.start(ServerCache.fetchFor(queue), directory, queue));
    }

    /**
     * Starts the built distribution with a task that replicates everything from now on.
     *
     * @param settings keys of the yaml's {@code replication:} block
     */
    Replication replicate(Map<String, String> settings) {
        replications++;
        return Replication.start(
                ControlPlane.start(
                        new FreePorts(),
                        directory.resolve("cdc-" + replications),
                        pair.source(),
                        settings,
                        Map.of()),
                pair.target().uri());
    }

    /** How the names of collections begin that nobody has made yet. */
    String nextName() {
        names++;
        return "bench_" + names;
    }

    MilvusServer source() {
        return pair.source();
    }

    MilvusServer target() {
        return pair.target();
    }

    /** A reader of what the source wrote. */
    QueueReader sourceQueue() {
        return QueueReader.of(pair.broker().queue());
    }

    /** A reader of what the target got. */
    KafkaQueueReader targetQueue() {
        return new KafkaQueueReader(pair.kafka().bootstrapServers());
    }

    /** The process ids of the servers and of a replication, by the names that reports use. */
    Map<String, Long> pids(Replication replication) {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put("tool", replication.plane().process().pid());
        pids.put("target", pair.target().process().pid());
        pids.put("source", pair.source().process().pid());
        pids.put("kafka", pair.kafka().process().pid());
        if (pair.broker() != pair.kafka()) {
            pids.put("pulsar", pair.broker().process().pid());
        }
        pids.put("etcd", pair.etcd().process().pid());
        pids.put("bench", ProcessHandle.current().pid());
        return pids;
    }

    @Override
    public void close() {
        pair.close();
    }
}

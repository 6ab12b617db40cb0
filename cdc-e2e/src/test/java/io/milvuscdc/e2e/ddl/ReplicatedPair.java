// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.compare.MilvusReader.CollectionName;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Fault;
import io.milvuscdc.e2e.queue.StandingCollections;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.MilvusServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.ServerException;
import io.milvuscdc.e2e.servers.SourceQueue;
import io.milvuscdc.job.DeliveryGuarantee;
import io.milvuscdc.job.StartPositions;
import io.milvuscdc.job.StartRequest;
import io.milvuscdc.job.TaskSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;

/** Two real Milvus, and a replication job from one to the other inside this JVM. */
final class ReplicatedPair implements AutoCloseable {

    private static final Duration EQUAL = Await.PATIENCE;
    private static final Duration CHECKPOINTS = Duration.ofMillis(500);

    private final MilvusPair pair;
    private final EmbeddedReplication replication;
    private final SourceClient source;
    private TaskSpec spec;

    private ReplicatedPair(MilvusPair pair, EmbeddedReplication replication) {
        this.pair = pair;
        this.replication = replication;
        this.source = new SourceClient(pair.source());
    }

    /** Starts the servers, both Milvus on Kafka, and Flink without a job. */
    static ReplicatedPair start(String name, Configuration flink) throws Exception {
        return start(name, flink, SourceQueue.KAFKA, options -> options);
    }

    /** As {@link #start(String, Configuration)}, with servers that are set up in another way. */
    static ReplicatedPair start(
            String name,
            Configuration flink,
            SourceQueue queue,
            UnaryOperator<MilvusServer.Options> setUp)
            throws Exception {
        Path directory = ServerDirectory.of(name);
        MilvusPair pair = MilvusPair.start(ServerCache.fetchFor(queue), directory, queue, setUp);
        try {
            return new ReplicatedPair(
                    pair, EmbeddedReplication.start(directory.resolve("flink"), flink));
        } catch (Exception e) {
            pair.close();
            throw e;
        }
    }

    MilvusPair servers() {
        return pair;
    }

    SourceClient source() {
        return source;
    }

    EmbeddedReplication replication() {
        return replication;
    }

    EtcdConfig etcd() {
        return new EtcdConfig(List.of(pair.etcd().endpoint()), pair.source().metaRoot(), "", "");
    }

    SourceChannels channels() {
        return new SourceChannels(
                pair.broker().queue(),
                pair.source().options().name() + "-rootcoord-dml",
                pair.source().replicateChannel());
    }

    /** A task that starts now, or at the start of every collection that exists. */
    TaskSpec newTask(boolean fromCollectionStart) throws IOException {
        return newTask(ReplicationScope.EVERYTHING, StartRequest.everything(fromCollectionStart));
    }

    private TaskSpec newTask(ReplicationScope scope, StartRequest start) throws IOException {
        return new TaskSpec(
                "ddl",
                "",
                etcd(),
                channels(),
                TargetConfig.of(
                        pair.target().uri(),
                        pair.target().access().token(),
                        Duration.ofSeconds(10)),
                scope,
                DeliveryGuarantee.EXACTLY_ONCE,
                CHECKPOINTS,
                StartPositions.resolve(etcd(), channels(), start));
    }

    /** Makes the task and starts it. */
    void startTask(boolean fromCollectionStart) throws Exception {
        spec = newTask(fromCollectionStart);
        replication.run(spec, Optional.empty());
    }

    /** Makes a task of a part of the source and starts it. */
    void startTask(ReplicationScope scope, StartRequest start) throws Exception {
        spec = newTask(scope, start);
        replication.run(spec, Optional.empty());
    }

    /** Starts the task again from a savepoint; returns without waiting for it to run. */
    void resume(String savepoint) throws Exception {
        replication.submit(spec, Optional.of(savepoint));
    }

    /**
     * Waits until these databases are equal at both sides; what differs in the end is the error.
     */
    void awaitEqual(SourceDatabase... databases) {
        Set<String> names =
                Arrays.stream(databases).map(SourceDatabase::name).collect(Collectors.toSet());
        try (MilvusReader atSource =
                        MilvusReader.ofSource(pair.source().access()).only(names::contains);
                MilvusReader atTarget =
                        MilvusReader.ofTarget(pair.target().access()).only(names::contains)) {
            awaitEqual(atSource, atTarget);
        }
    }

    /**
     * Looks in the queues whether all rows of these collections are in the partitions that they
     * were written to, which no query tells where Milvus decides; not on a Pulsar, which removes
     * what is read.
     */
    void requireSamePartitions(String database, List<String> collections) {
        if (pair.broker().kind().equals("kafka")) {
            Set<CollectionName> kept =
                    collections.stream()
                            .map(name -> new CollectionName(database, name))
                            .collect(Collectors.toSet());
            assertThat(StandingCollections.check(pair, kept).faults())
                    .doesNotContain(Fault.WRONG_PARTITION, Fault.MISSING, Fault.UNWRITTEN);
        }
    }

    /** Waits until all of source and target is equal. */
    void awaitAllEqual() {
        try (MilvusReader atSource = MilvusReader.ofSource(pair.source().access());
                MilvusReader atTarget = MilvusReader.ofTarget(pair.target().access())) {
            awaitEqual(atSource, atTarget);
        }
    }

    private void awaitEqual(MilvusReader atSource, MilvusReader atTarget) {
        AtomicReference<ContentComparison> last = new AtomicReference<>();
        try {
            Await.until(
                    "source and target to be equal",
                    EQUAL,
                    () -> {
                        last.set(ContentComparer.compareNow(atSource, atTarget));
                        return last.get().isEqual();
                    },
                    replication::failure);
        } catch (ServerException e) {
            throw new AssertionError(e.getMessage() + "; last comparison: " + last.get(), e);
        }
    }

    @Override
    public void close() throws Exception {
        try (pair;
                source) {
            replication.close();
        }
    }
}

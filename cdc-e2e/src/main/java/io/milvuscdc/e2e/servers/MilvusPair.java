// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import io.milvuscdc.e2e.servers.MilvusServer.Options;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a replication needs: an etcd and a Kafka that two Milvus share, the source and the target;
 * the source may have a Pulsar instead. The target is a standby ({@code
 * common.ttMsgEnabled=false}).
 */
public final class MilvusPair implements AutoCloseable {

    private final EtcdServer etcd;
    private final KafkaServer kafka;
    private final Broker broker;
    private final MilvusServer source;
    private final MilvusServer target;

    private MilvusPair(
            EtcdServer etcd,
            KafkaServer kafka,
            Broker broker,
            MilvusServer source,
            MilvusServer target) {
        this.etcd = etcd;
        this.kafka = kafka;
        this.broker = broker;
        this.source = source;
        this.target = target;
    }

    /** Starts all four below {@code directory} and returns when they are ready: 15 to 45 s. */
    public static MilvusPair start(ServerCache cache, Path directory) {
        return start(cache, directory, UnaryOperator.identity());
    }

    /** As above, with a source on any queue. */
    public static MilvusPair start(ServerCache cache, Path directory, SourceQueue queue) {
        return start(cache, directory, queue, UnaryOperator.identity());
    }

    /**
     * As above, both on Kafka, with further settings.
     *
     * @param more adds to the options of both Milvus, which it tells apart by their names {@code
     *     source} and {@code target}
     */
    public static MilvusPair start(ServerCache cache, Path directory, UnaryOperator<Options> more) {
        return start(cache, directory, SourceQueue.KAFKA, more);
    }

    /** As above, with a source on any queue and further settings. */
    public static MilvusPair start(
            ServerCache cache, Path directory, SourceQueue queue, UnaryOperator<Options> more) {
        FreePorts ports = new FreePorts();
        Deque<AutoCloseable> started = new ArrayDeque<>();
        try {
            EtcdServer etcd = EtcdServer.start(cache, ports, directory.resolve("etcd"));
            started.push(etcd);
            KafkaServer kafka = KafkaServer.start(cache, ports, directory.resolve("kafka"));
            started.push(kafka);
            Broker broker = kafka;
            if (queue.pulsar().isPresent()) {
                broker =
                        PulsarServer.start(
                                cache, ports, directory.resolve("pulsar"), queue.pulsar().get());
                started.push(broker);
            }
            Options source = new Options("source", etcd.endpoint(), broker, Map.of());
            Options target =
                    new Options("target", etcd.endpoint(), kafka, Map.of())
                            .with("common.ttMsgEnabled", false);
            MilvusServer sourceServer =
                    MilvusServer.launch(
                            cache, ports, directory.resolve("source"), more.apply(source));
            started.push(sourceServer);
            MilvusServer targetServer =
                    MilvusServer.launch(
                            cache, ports, directory.resolve("target"), more.apply(target));
            started.push(targetServer);
            sourceServer.awaitReady();
            targetServer.awaitReady();
            return new MilvusPair(etcd, kafka, broker, sourceServer, targetServer);
        } catch (RuntimeException e) {
            started.forEach(server -> closeQuietly(server, e));
            throw e;
        }
    }

    private static void closeQuietly(AutoCloseable server, RuntimeException failure) {
        try {
            server.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    public EtcdServer etcd() {
        return etcd;
    }

    /** The target's, and the source's unless that has a Pulsar. */
    public KafkaServer kafka() {
        return kafka;
    }

    /** The source's. */
    public Broker broker() {
        return broker;
    }

    public MilvusServer source() {
        return source;
    }

    public MilvusServer target() {
        return target;
    }

    @Override
    public void close() {
        target.close();
        source.close();
        broker.close();
        kafka.close();
        etcd.close();
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import io.milvuscdc.e2e.servers.MilvusServer.Options;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a replication needs: an etcd and a Kafka that two Milvus share, the source and the target.
 * The target is a standby ({@code common.ttMsgEnabled=false}).
 */
public final class MilvusPair implements AutoCloseable {

    private final EtcdServer etcd;
    private final KafkaServer kafka;
    private final MilvusServer source;
    private final MilvusServer target;

    private MilvusPair(
            EtcdServer etcd, KafkaServer kafka, MilvusServer source, MilvusServer target) {
        this.etcd = etcd;
        this.kafka = kafka;
        this.source = source;
        this.target = target;
    }

    /** Starts all four below {@code directory} and returns when they are ready: 15 to 30 s. */
    public static MilvusPair start(ServerCache cache, Path directory) {
        return start(cache, directory, UnaryOperator.identity());
    }

    /**
     * As above, with further settings.
     *
     * @param more adds to the options of both Milvus, which it tells apart by their names {@code
     *     source} and {@code target}
     */
    public static MilvusPair start(ServerCache cache, Path directory, UnaryOperator<Options> more) {
        FreePorts ports = new FreePorts();
        EtcdServer etcd = EtcdServer.start(cache, ports, directory.resolve("etcd"));
        try {
            return start(
                    cache,
                    directory,
                    etcd,
                    KafkaServer.start(cache, ports, directory.resolve("kafka")),
                    more);
        } catch (RuntimeException e) {
            closeQuietly(etcd, e);
            throw e;
        }
    }

    /**
     * As above, on an etcd and a Kafka that run already and belong to the pair from now on.
     *
     * @param more says, too, how both Milvus reach these where that isn't in plain text
     */
    public static MilvusPair start(
            ServerCache cache,
            Path directory,
            EtcdServer etcd,
            KafkaServer kafka,
            UnaryOperator<Options> more) {
        FreePorts ports = new FreePorts();
        Deque<AutoCloseable> started = new ArrayDeque<>(List.of(kafka, etcd));
        try {
            Options source =
                    new Options("source", etcd.endpoint(), kafka.bootstrapServers(), Map.of());
            Options target =
                    new Options("target", etcd.endpoint(), kafka.bootstrapServers(), Map.of())
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
            return new MilvusPair(etcd, kafka, sourceServer, targetServer);
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

    public KafkaServer kafka() {
        return kafka;
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
        kafka.close();
        etcd.close();
    }
}

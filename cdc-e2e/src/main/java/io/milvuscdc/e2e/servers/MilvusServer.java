// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import io.grpc.ManagedChannel;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvuscdc.connectors.tls.TlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A Milvus 2.3.5 standalone, with its data in files of its own directory. It's kept small and
 * without quotas. Milvus listens on every address of the machine, it has no setting for that;
 * everything here talks to it over loopback.
 */
public final class MilvusServer implements AutoCloseable {

    private static final Duration READY = Await.PATIENCE;
    private static final int MAX_ANSWER_BYTES = 4 << 20;

    private final ServerProcess process;
    private final Options options;
    private final int port;
    private final int metricsPort;

    private MilvusServer(ServerProcess process, Options options, int port, int metricsPort) {
        this.process = process;
        this.options = options;
        this.port = port;
        this.metricsPort = metricsPort;
    }

    /**
     * What makes one instance differ from another.
     *
     * @param name its {@code etcd.rootPath} and {@code chanNamePrefix.cluster}, hence how its keys
     *     and topics begin
     * @param broker what it writes to
     * @param overrides further settings, by dotted key of milvus.yaml; they win
     * @param token how its clients log in, empty when it asks for no login
     * @param tls what its clients trust and show, null when it speaks no TLS
     */
    public record Options(
            String name,
            String etcdEndpoint,
            Broker broker,
            Map<String, Object> overrides,
            String token,
            TlsConfig tls) {

        public Options {
            overrides = Map.copyOf(overrides);
        }

        /** An instance without login and TLS. */
        public Options(
                String name, String etcdEndpoint, Broker broker, Map<String, Object> overrides) {
            this(name, etcdEndpoint, broker, overrides, "", null);
        }

        /** The same with one more setting. */
        public Options with(String key, Object value) {
            Map<String, Object> more = new TreeMap<>(overrides);
            more.put(key, value);
            return new Options(name, etcdEndpoint, broker, more, token, tls);
        }

        /** The same with a login that everybody needs; Milvus' first one is {@code root:Milvus}. */
        public Options withLogin(String login) {
            Options secured = with("common.security.authorizationEnabled", true);
            return new Options(name, etcdEndpoint, broker, secured.overrides, login, tls);
        }

        /** The same with TLS, whose settings are given by {@link #with}. */
        public Options withTls(TlsConfig clients) {
            return new Options(name, etcdEndpoint, broker, overrides, token, clients);
        }
    }

    /** Starts one with its files in {@code directory} and returns when it lists collections. */
    public static MilvusServer start(
            ServerCache cache, FreePorts ports, Path directory, Options options) {
        MilvusServer server = launch(cache, ports, directory, options);
        server.awaitReady();
        return server;
    }

    /** As {@link #start}, but returns at once; call {@link #awaitReady} before using it. */
    static MilvusServer launch(
            ServerCache cache, FreePorts ports, Path directory, Options options) {
        int port = ports.next();
        int metricsPort = ports.next();
        Path bin = cache.milvus().resolve("bin");
        MilvusConfig.write(
                cache.milvus().resolve("config.yaml.template"),
                directory.resolve("milvus.yaml"),
                options,
                ports,
                port);
        ServerProcess process =
                new ServerProcess(
                        "milvus-" + options.name(),
                        directory,
                        List.of(bin.resolve("milvus").toString(), "run", "standalone"),
                        Map.of(
                                "MILVUSCONF", directory.toString(),
                                "METRICS_PORT", Integer.toString(metricsPort),
                                "DEPLOY_MODE", "STANDALONE",
                                "LD_LIBRARY_PATH", bin.toString()));
        process.start();
        return new MilvusServer(process, options, port, metricsPort);
    }

    /**
     * Waits until it lists collections.
     *
     * @throws ServerException when it doesn't in time, or has ended
     */
    public void awaitReady() {
        awaitReady(READY);
    }

    /** Whether it lists collections within a time. */
    public boolean isReadyWithin(Duration bound) {
        try {
            awaitReady(bound);
            return true;
        } catch (ServerException e) {
            return false;
        }
    }

    private void awaitReady(Duration bound) {
        ManagedChannel channel = access().channel(MAX_ANSWER_BYTES);
        try {
            process.awaitReady(bound, () -> listsCollections(channel));
        } finally {
            channel.shutdownNow();
        }
    }

    private static boolean listsCollections(ManagedChannel channel) {
        return MilvusServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(3, TimeUnit.SECONDS)
                        .showCollections(ShowCollectionsRequest.getDefaultInstance())
                        .getStatus()
                        .getCode()
                == 0;
    }

    /** {@code http://host:port} of its proxy, the form that clients and /cdc take. */
    public String uri() {
        return (options.tls() == null ? "http" : "https") + "://127.0.0.1:" + port;
    }

    /** How its clients reach it, login and TLS included. */
    public MilvusAccess access() {
        return new MilvusAccess(
                uri(), options.token(), options.tls() == null ? TlsConfig.SYSTEM : options.tls());
    }

    public int port() {
        return port;
    }

    /** Port of {@code /healthz} and {@code /metrics}. */
    public int metricsPort() {
        return metricsPort;
    }

    /** {@code {rootPath}/{metaSubPath}} of its keys in etcd. */
    public String metaRoot() {
        return options.name() + "/meta";
    }

    /** Name of the replicate channel's topic. */
    public String replicateChannel() {
        return options.name() + "-replicate-msg";
    }

    public Options options() {
        return options;
    }

    /** Its process, for signals. */
    public ServerProcess process() {
        return process;
    }

    /** Kills it, if it runs, and starts it again on the same ports and data. */
    public void restart() {
        process.kill9();
        process.start();
        awaitReady();
    }

    @Override
    public void close() {
        process.close();
    }
}

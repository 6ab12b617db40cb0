// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.control.config.MysqlAddress;
import io.milvuscdc.control.config.StoreSettings;
import io.milvuscdc.control.store.TaskStores;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.servers.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process of its own that owns a store until it's killed. */
final class StoreHolder implements AutoCloseable {

    private static final String READY = "owns it";

    private final ServerProcess process;

    private StoreHolder(ServerProcess process) {
        this.process = process;
    }

    /** Returns when the process owns the store. */
    static StoreHolder start(StoreSettings settings) {
        ServerProcess process =
                new ServerProcess(
                        "store-holder",
                        ServerDirectory.of("store-holder"),
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                StoreHolder.class.getName()),
                        Map.of(
                                "TYPE", settings.type().name(),
                                "ROOT", settings.rootPath(),
                                "ETCD", String.join(",", settings.etcd().endpoints()),
                                "DSN", settings.mysql().map(StoreHolder::dsn).orElse("")));
        process.start();
        process.awaitReady(
                Await.PATIENCE,
                () -> Files.readString(process.log(), StandardCharsets.UTF_8).contains(READY));
        return new StoreHolder(process);
    }

    private static String dsn(MysqlAddress address) {
        return address.user()
                + ":"
                + address.password()
                + "@tcp("
                + address.hostAndPort()
                + ")/"
                + address.database();
    }

    /** As kill -9. */
    void kill() {
        process.kill9();
    }

    @Override
    public void close() {
        process.close();
    }

    public static void main(String[] args) throws Exception {
        StoreSettings.Type type = StoreSettings.Type.valueOf(System.getenv("TYPE"));
        String root = System.getenv("ROOT");
        boolean mysql = type == StoreSettings.Type.MYSQL;
        TaskStores.open(
                new StoreSettings(
                        type,
                        root,
                        Path.of("unused"),
                        new EtcdConfig(
                                mysql ? List.of() : List.of(System.getenv("ETCD")), root, "", ""),
                        mysql
                                ? Optional.of(MysqlAddress.ofDsn(System.getenv("DSN")))
                                : Optional.empty(),
                        Duration.ofSeconds(5),
                        ""),
                () -> {});
        System.out.println(READY);
        Thread.currentThread().join();
    }
}

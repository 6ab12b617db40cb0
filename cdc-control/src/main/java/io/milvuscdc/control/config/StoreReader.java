// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code metaStoreConfig}, and the key for secrets from the environment. */
final class StoreReader {

    private static final String SECTION = "metaStoreConfig.";
    private static final String SECRET_KEY = "MILVUS_CDC_SECRET_KEY";
    private static final String SECRET_KEY_FILE = "MILVUS_CDC_SECRET_KEY_FILE";

    private final YamlSettings yaml;
    private final Path root;

    /**
     * A reader.
     *
     * @param root where relative paths start
     */
    StoreReader(YamlSettings yaml, Path root) {
        this.yaml = yaml;
        this.root = root;
    }

    StoreSettings read() {
        StoreSettings.Type type =
                switch (yaml.choice(
                        SECTION + "storeType", "file", List.of("file", "etcd", "mysql"))) {
                    case "etcd" -> StoreSettings.Type.ETCD;
                    case "mysql" -> StoreSettings.Type.MYSQL;
                    default -> StoreSettings.Type.FILE;
                };
        String rootPath = yaml.text(SECTION + "rootPath", "");
        Path directory = directory(type, rootPath);
        EtcdConfig etcd = etcd(type, rootPath);
        Optional<MysqlAddress> mysql = mysql(type);
        Duration leaseTtl =
                yaml.duration(
                        SECTION + "leaseTtl",
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(5),
                        Duration.ofHours(1));
        // etcd's leases last whole seconds
        Duration wholeSeconds = Duration.ofSeconds(leaseTtl.toSeconds());
        return new StoreSettings(type, rootPath, directory, etcd, mysql, wholeSeconds, secretKey());
    }

    private Path directory(StoreSettings.Type type, String rootPath) {
        Path directory = root.resolve(yaml.text(SECTION + "file.dir", "data/tasks")).normalize();
        Path inside = directory.resolve(rootPath).normalize();
        if (type == StoreSettings.Type.FILE && !inside.startsWith(directory)) {
            yaml.problem(
                    "metaStoreConfig.rootPath must be a name without '..' and a leading '/' when"
                            + " storeType is file");
        }
        return inside;
    }

    private EtcdConfig etcd(StoreSettings.Type type, String rootPath) {
        EtcdConfig etcd =
                new EtcdReader(yaml, SECTION + "etcd")
                        .read(yaml.texts(SECTION + "etcdEndpoints"), List.of(), rootPath);
        if (type == StoreSettings.Type.ETCD && etcd.endpoints().isEmpty()) {
            yaml.problem(
                    "metaStoreConfig.etcd.address is missing, for example"
                            + " metaStoreConfig.etcd.address: [127.0.0.1:2379]");
        }
        return etcd;
    }

    private Optional<MysqlAddress> mysql(StoreSettings.Type type) {
        String key = SECTION + "mysqlSourceUrl";
        if (type != StoreSettings.Type.MYSQL) {
            yaml.text(key);
            return Optional.empty();
        }
        String dsn = yaml.required(key, "user:password@tcp(127.0.0.1:3306)/milvus-cdc");
        try {
            return dsn.isEmpty() ? Optional.empty() : Optional.of(MysqlAddress.ofDsn(dsn));
        } catch (IllegalArgumentException e) {
            yaml.problem(
                    key
                            + " must be of the form user:password@tcp(host:port)/database, but "
                            + e.getMessage());
            return Optional.empty();
        }
    }

    private String secretKey() {
        String key = yaml.environment(SECRET_KEY).orElse("");
        Optional<String> file = yaml.environment(SECRET_KEY_FILE);
        if (file.isEmpty()) {
            return key;
        }
        if (!key.isEmpty()) {
            yaml.problem("set only one of " + SECRET_KEY + " and " + SECRET_KEY_FILE);
        }
        try {
            return Files.readString(root.resolve(file.get())).trim();
        } catch (IOException e) {
            yaml.problem(SECRET_KEY_FILE + ": the file " + file.get() + " can't be read: " + e);
            return "";
        }
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where tasks are kept. Its text form shows no secret.
 *
 * @param rootPath separates control planes that share a store
 * @param directory of the files
 * @param etcd its meta root is the root path
 * @param mysql empty unless that's the type
 * @param leaseTtl how long after it was last heard of a control plane owns an etcd or MySQL store
 * @param secretKey base64 of the key for secrets, empty when they are kept as they are
 */
public record StoreSettings(
        Type type,
        String rootPath,
        Path directory,
        EtcdConfig etcd,
        Optional<MysqlAddress> mysql,
        Duration leaseTtl,
        String secretKey) {

    /** What holds the tasks. */
    public enum Type {
        FILE,
        ETCD,
        MYSQL
    }

    /** Files in a directory, without encryption. */
    public static StoreSettings inFiles(Path directory) {
        return new StoreSettings(
                Type.FILE,
                "",
                directory,
                new EtcdConfig(List.of(), "", "", ""),
                Optional.empty(),
                Duration.ofSeconds(15),
                "");
    }

    @Override
    public String toString() {
        return switch (type) {
            case FILE -> "files in " + directory;
            case ETCD -> etcd.toString();
            case MYSQL -> mysql.map(MysqlAddress::toString).orElse("") + ", root " + rootPath;
        };
    }
}

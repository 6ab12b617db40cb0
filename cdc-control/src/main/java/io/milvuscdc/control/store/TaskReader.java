// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.control.config.StoreSettings;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads a task out of a store that another process may own: takes no lock or lease, and changes
 * nothing. What it says may be over a moment later.
 */
public final class TaskReader {

    private TaskReader() {}

    /**
     * The task as it's stored now, empty when there's none with this id.
     *
     * @throws StoreException also when it's not this program's, or the key doesn't fit
     */
    public static Optional<Task> find(StoreSettings settings, String taskId) throws StoreException {
        if (!RecordTaskStore.SAFE_ID.matcher(taskId).matches()) {
            return Optional.empty();
        }
        Optional<StoredRecord> stored = stored(settings, taskId);
        return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(decode(stored.get(), TaskStores.cipher(settings)));
    }

    private static Optional<StoredRecord> stored(StoreSettings settings, String taskId)
            throws StoreException {
        return switch (settings.type()) {
            case FILE -> FileRecords.find(settings.directory(), taskId);
            case ETCD -> inEtcd(settings, taskId);
            case MYSQL -> inMysql(settings, taskId);
        };
    }

    private static Optional<StoredRecord> inEtcd(StoreSettings settings, String taskId)
            throws StoreException {
        try (EtcdSession etcd = new EtcdSession(settings.etcd())) {
            return EtcdRecords.find(etcd, new StoreKeys(settings.etcd().metaRoot()), taskId);
        }
    }

    private static Optional<StoredRecord> inMysql(StoreSettings settings, String taskId)
            throws StoreException {
        try (MysqlSession mysql = new MysqlSession(settings.mysql().orElseThrow())) {
            return MysqlRecords.find(mysql, new StoreKeys(settings.rootPath()), taskId);
        }
    }

    private static Task decode(StoredRecord stored, SecretCipher cipher) throws StoreException {
        TaskCodec codec = new TaskCodec();
        try {
            JsonNode tree = codec.tree(stored.json());
            if (!codec.isOurs(tree)) {
                throw new StoreException(
                        stored.key()
                                + " was written by the Go Milvus-CDC: start milvus-cdc server once,"
                                + " which takes it over");
            }
            codec.refuseNewer(tree, stored.key());
            return new TaskDecoder(codec, new TaskSecrets(cipher)).decode(stored, tree);
        } catch (IOException e) {
            throw new StoreException(stored.key() + " can't be read: " + e.getMessage(), e);
        }
    }
}

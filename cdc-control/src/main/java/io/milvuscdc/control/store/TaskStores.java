// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import io.milvuscdc.connectors.feeding.LocalHost;
import io.milvuscdc.control.config.StoreSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Opens the task store that the settings ask for. */
public final class TaskStores {

    private TaskStores() {}

    /**
     * Opens a store; blocks until no other control plane owns it, but for one in files, which is
     * refused then.
     *
     * @param onLost is called once, from any thread, when another control plane may own the store
     *     from now on: this process must stop at once what it does for the tasks
     */
    public static RecordTaskStore open(StoreSettings settings, Runnable onLost)
            throws StoreException, InterruptedException {
        Records records =
                switch (settings.type()) {
                    case FILE -> FileRecords.open(settings.directory());
                    case ETCD ->
                            EtcdRecords.open(settings.etcd(), settings.leaseTtl(), owner(), onLost);
                    case MYSQL ->
                            MysqlRecords.open(
                                    settings.mysql().orElseThrow(),
                                    settings.rootPath(),
                                    settings.leaseTtl(),
                                    owner(),
                                    onLost);
                };
        return RecordTaskStore.open(records, cipher(settings));
    }

    /** What the settings' key opens. */
    static SecretCipher cipher(StoreSettings settings) throws StoreException {
        try {
            return settings.secretKey().isEmpty()
                    ? SecretCipher.NONE
                    : SecretCipher.ofKey(settings.secretKey());
        } catch (SecretKeyException e) {
            throw new StoreException(e.getMessage(), e);
        }
    }

    /** A store in files, without encryption. */
    public static RecordTaskStore inFiles(Path directory) throws StoreException {
        return RecordTaskStore.open(FileRecords.open(directory), SecretCipher.NONE);
    }

    /** Who this process is, for people; no two processes have the same. */
    private static String owner() {
        return "process "
                + ProcessHandle.current().pid()
                + " on "
                + LocalHost.name()
                + ", since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                + " ("
                + UUID.randomUUID()
                + ")";
    }
}

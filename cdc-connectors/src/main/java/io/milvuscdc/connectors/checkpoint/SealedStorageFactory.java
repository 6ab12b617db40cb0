// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.checkpoint;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.CheckpointStorageFactory;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Makes the storage of sealed checkpoints. Flink finds it by its name in the job's settings, with
 * the job's own classes: nothing has to be installed in a cluster.
 *
 * <p>For jobs without keyed state.
 */
public final class SealedStorageFactory implements CheckpointStorageFactory<CheckpointStorage> {

    /** For Flink. */
    public SealedStorageFactory() {}

    /** Lets the job's checkpoints be sealed. */
    public static void useIn(StreamExecutionEnvironment environment) {
        Configuration setting = new Configuration();
        setting.set(CheckpointingOptions.CHECKPOINT_STORAGE, SealedStorageFactory.class.getName());
        // a file that several checkpoints share has no end to put a seal at
        setting.set(CheckpointingOptions.FILE_MERGING_ENABLED, false);
        environment.configure(setting);
    }

    /** Without a directory they stay in the job manager's memory, as with Flink's own storage. */
    @Override
    public CheckpointStorage createFromConfig(ReadableConfig config, ClassLoader classLoader) {
        return config.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY).isEmpty()
                ? JobManagerCheckpointStorage.createFromConfig(config, classLoader)
                : new SealedStorage(
                        FileSystemCheckpointStorage.createFromConfig(config, classLoader),
                        config.get(CheckpointingOptions.CREATE_CHECKPOINT_SUB_DIR));
    }
}

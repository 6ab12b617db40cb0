// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.control.config.ReplicationSettings;
import io.milvuscdc.control.config.SourceSettings;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.job.TaskSpec;
import java.time.Duration;

/**
 * Makes the job's contract of a task and of the settings in force, so that a new address or
 * password of the source holds from the next start of the control plane on.
 */
public final class TaskSpecs {

    private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final SourceSettings source;
    private final ReplicationSettings replication;

    public TaskSpecs(SourceSettings source, ReplicationSettings replication) {
        this.source = source;
        this.replication = replication;
    }

    /** The contract of the task's next job. */
    public TaskSpec of(Task task) {
        return new TaskSpec(
                task.id(),
                source.etcd(),
                source.channels(),
                target(task.target()),
                replication.guarantee(),
                replication.checkpointInterval(),
                task.startOffsets());
    }

    /** The target as the connectors know it. */
    public static TargetConfig target(MilvusConnectParam target) {
        return TargetConfig.of(
                target.address(),
                target.credentials(),
                target.connectTimeout() == 0
                        ? DEFAULT_CONNECT_TIMEOUT
                        : Duration.ofSeconds(target.connectTimeout()));
    }
}

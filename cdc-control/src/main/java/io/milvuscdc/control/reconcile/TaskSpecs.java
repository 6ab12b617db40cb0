// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.reconcile;

import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.control.config.ReplicationSettings;
import io.milvuscdc.control.config.SourceSettings;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
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
    private final String controlPlane;

    /**
     * Makes them of settings.
     *
     * @param controlPlane what tells this control plane from every other one, in words, and stays
     *     the same over its restarts; empty for jobs that are started by hand
     */
    public TaskSpecs(SourceSettings source, ReplicationSettings replication, String controlPlane) {
        this.controlPlane = controlPlane;
        this.source = source;
        this.replication = replication;
    }

    /**
     * The contract of the task's next job.
     *
     * @throws IllegalArgumentException the task can't run, in words for the user
     */
    public TaskSpec of(Task task) {
        if (!task.definition().kafka().isAbsent()) {
            throw new IllegalArgumentException(TaskDefinition.KAFKA_UNSUPPORTED);
        }
        return new TaskSpec(
                task.id(),
                controlPlane,
                source.etcd(),
                source.channels(),
                target(task.target()),
                task.definition().scope(),
                replication.guarantee(),
                replication.checkpointInterval(),
                task.start());
    }

    /**
     * The target as the connectors know it, with the content of the files that dial_config names.
     *
     * @throws FatalTargetException dial_config or one of its files can't be used
     */
    public static TargetConfig target(MilvusConnectParam target) {
        DialConfig dial = DialConfig.of(target.dialConfig());
        String address = target.address();
        TargetConfig config =
                TargetConfig.of(
                        dial.wantsTls() ? address.replaceFirst("^http:", "https:") : address,
                        target.credentials(),
                        target.connectTimeout() == 0
                                ? DEFAULT_CONNECT_TIMEOUT
                                : Duration.ofSeconds(target.connectTimeout()));
        return config.with(dial.read());
    }
}

// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.Serializable;
import java.time.Duration;

/**
 * What one job replicates. Its text form shows no secret.
 *
 * @param controlPlane what tells the control plane that runs it from every other one, in words;
 *     empty for a job by {@code flink run}
 * @param checkpointInterval also the delay until a row is visible when exactly-once
 * @param start where it begins
 */
public record TaskSpec(
        String taskId,
        String controlPlane,
        EtcdConfig etcd,
        SourceChannels channels,
        TargetConfig target,
        ReplicationScope scope,
        DeliveryGuarantee guarantee,
        Duration checkpointInterval,
        StartPoint start)
        implements Serializable {

    /** The same, whose start was made anew for a job that goes on from a checkpoint. */
    TaskSpec replanned() {
        return new TaskSpec(
                taskId,
                controlPlane,
                etcd,
                channels,
                target,
                scope,
                guarantee,
                checkpointInterval,
                start.ofReplan());
    }
}

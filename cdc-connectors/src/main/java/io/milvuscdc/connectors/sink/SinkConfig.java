// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.feeding.FeedLease;
import io.milvuscdc.connectors.feeding.Feeder;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.Serializable;

/**
 * Everything that the sink's operators are made from. Its text form shows no secret.
 *
 * @param taskId names the task in logs
 * @param controlPlane what tells the control plane that runs the task from every other one, in
 *     words; empty for a job by {@code flink run}
 * @param start where the task begins
 * @param exactlyOnce whether ticks wait for a completed checkpoint; otherwise they are sent ahead
 *     of it, as soon as everything before them is acknowledged
 */
public record SinkConfig(
        String taskId,
        String controlPlane,
        EtcdConfig etcd,
        SourceChannels channels,
        TargetConfig target,
        ReplicationScope scope,
        StartPoint start,
        boolean exactlyOnce,
        RetryPolicy retries)
        implements Serializable {

    /** The right of a part of a job to send something to the target. */
    FeedLease feedLease(String jobId, String member) {
        return FeedLease.in(etcd, target.uri(), new Feeder(taskId, controlPlane, jobId, member));
    }
}

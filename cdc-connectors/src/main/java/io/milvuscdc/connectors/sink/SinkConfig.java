// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.Serializable;

/**
 * Everything that the sink's operators are made from. Its text form shows no secret.
 *
 * @param taskId names the task in logs
 * @param start where the task begins
 * @param exactlyOnce whether ticks wait for a completed checkpoint; otherwise they are sent ahead
 *     of it, as soon as everything before them is acknowledged
 */
public record SinkConfig(
        String taskId,
        EtcdConfig etcd,
        SourceChannels channels,
        TargetConfig target,
        ReplicationScope scope,
        StartPoint start,
        boolean exactlyOnce,
        RetryPolicy retries)
        implements Serializable {}

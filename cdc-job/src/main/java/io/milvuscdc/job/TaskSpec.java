// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one job replicates. Its text form shows no secret.
 *
 * @param checkpointInterval also the delay until a row is visible when exactly-once
 * @param startOffsets by channel, the first offset that belongs to the task; fixed once, when the
 *     task is made
 */
public record TaskSpec(
        String taskId,
        EtcdConfig etcd,
        SourceChannels channels,
        TargetConfig target,
        DeliveryGuarantee guarantee,
        Duration checkpointInterval,
        Map<String, Long> startOffsets)
        implements Serializable {

    public TaskSpec {
        startOffsets = new TreeMap<>(startOffsets);
    }
}
